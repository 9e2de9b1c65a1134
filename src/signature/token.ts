import { createHash, timingSafeEqual } from 'node:crypto'

const digestOf = (token: string) => createHash('sha256').update(token).digest()

/**
 * Makes the check of what somebody shows as a token. Digests are compared, in constant time, so
 * that neither the token's length nor its beginning can be measured.
 */
export function tokenCheck(token: string): (shown: string) => boolean {
  const expected = digestOf(token)
  return (shown) => timingSafeEqual(digestOf(shown), expected)
}
