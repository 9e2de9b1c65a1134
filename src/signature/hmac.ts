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

/** HMAC-SHA256 (RFC 2104, FIPS 180-4) of the bytes: 32 bytes. */
export function digestOf(body: Uint8Array, key: Key): Uint8Array {
  return key.copy().update(body).digest()
}

/** The same as 64 lower-case hex digits. */
export function hexOf(body: Uint8Array, key: Key): string {
  return key.copy().update(body).digest('hex')
}

/**
 * The index of the first key whose digest is one of these, of 32 bytes each, or NO_KEY. All are
 * tried whatever the others gave.
 */
export function findKey(
  keys: readonly Key[],
  digestBy: (key: Key) => Uint8Array,
  digests: readonly Uint8Array[],
): number {
  let found = NO_KEY
  for (let index = keys.length - 1; index >= 0; index -= 1) {
    const key = keys[index]
    const actual = key && digestBy(key)
    for (const digest of digests) {
      if (actual && timingSafeEqual(actual, digest)) found = index
    }
  }
  return found
}
