/** A secret whose key is what follows in base64 (Standard Webhooks, "Symmetric" secrets). */
const PREFIX = 'whsec_'

/** Base64 of at least one byte, with its padding or without. */
const BASE64 = /^(?=..)(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/

/** Fewest bytes of a key that nobody guesses; shorter ones are taken with a warning. */
export const SECRET_BYTES_MIN = 16

/** Whether a secret stands for fewer bytes than SECRET_BYTES_MIN. */
export function isShort(secret: string): boolean {
  return (bytesOfSecret(secret)?.length ?? 0) < SECRET_BYTES_MIN
}

/**
 * The bytes that a secret stands for: those in base64 behind `whsec_`, else its own in UTF-8.
 * Undefined for a `whsec_` with anything but base64 behind it, or nothing.
 */
export function bytesOfSecret(secret: string): Uint8Array | undefined {
  if (!secret.startsWith(PREFIX)) return new TextEncoder().encode(secret)
  const base64 = secret.slice(PREFIX.length)
  return BASE64.test(base64) ? Buffer.from(base64, 'base64') : undefined
}
