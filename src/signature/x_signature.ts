import { timingSafeEqual } from 'node:crypto'

/** The header that carries the signature. */
export const X_SIGNATURE = 'x-signature'

/** Lower-case hex of 32 bytes, and nothing else: the contract refuses every other spelling. */
const FORM = /^[0-9a-f]{64}$/

/** A secret made ready: a keyed hash to copy for each delivery. */
export type Key = Bun.CryptoHasher

/** Makes a secret ready. Throws on an empty one, which every HMAC library would take. */
export function makeKey(secret: string): Key {
  if (secret === '') throw new Error('the webhook secret is empty')
  return new Bun.CryptoHasher('sha256', secret)
}

/** HMAC-SHA256 (RFC 2104, FIPS 180-4) of the bytes, as 64 lower-case hex digits. */
export function sign(body: Uint8Array | string, key: Key): string {
  return key.copy().update(body).digest('hex')
}

/**
 * Whether `signature` is the body's, compared in constant time. Any string at all may be
 * given; one that is not 64 lower-case hex digits is refused before anything is computed.
 */
export function matches(body: Uint8Array, signature: string | null, key: Key): boolean {
  if (signature === null || !FORM.test(signature)) return false
  return timingSafeEqual(key.copy().update(body).digest(), Buffer.from(signature, 'hex'))
}
