import { timingSafeEqual } from 'node:crypto'

/** A secret made ready: a keyed hash to copy for each delivery. */
export type Key = Bun.CryptoHasher

/** Stands for the index of a key where none matched. */
export const NO_KEY = -1

/** Makes a key of text or bytes. Throws on an empty one, which every HMAC library would take. */
export function makeKey(secret: string | Uint8Array): Key {
  if (secret.length === 0) throw new Error('the webhook secret is empty')
  return new Bun.CryptoHasher('sha256', secret)
}

/** HMAC-SHA256 (RFC 2104, FIPS 180-4) of the bytes, as 64 lower-case hex digits. */
export function hexOf(body: Uint8Array, key: Key): string {
  return key.copy().update(body).digest('hex')
}

/**
 * The index of the first key whose HMAC of the body is this digest of 32 bytes, or NO_KEY. All
 * keys are tried whatever the others gave.
 */
export function findKey(body: Uint8Array, digest: Uint8Array, keys: readonly Key[]): number {
  let found = NO_KEY
  for (let index = keys.length - 1; index >= 0; index -= 1) {
    const actual = keys[index]?.copy().update(body).digest()
    if (actual !== undefined && timingSafeEqual(actual, digest)) found = index
  }
  return found
}
