import { digestOf, findKey, hexOf, makeKey, NO_KEY } from './hmac.ts'
import type { Scheme } from './scheme.ts'

const HEADER = 'x-signature'

/** Lower-case hex of 32 bytes, and nothing else: the contract refuses every other spelling. */
const FORM = /^[0-9a-f]{64}$/

/** The contract's own scheme: `X-Signature` is the hex HMAC-SHA256 of the raw body. */
export const X_SIGNATURE: Scheme = {
  name: 'x-signature',
  headers: [HEADER],
  makeKey,
  verify: ({ body, headers }, keys) => {
    const signature = headers.get(HEADER)
    if (signature === null || !FORM.test(signature)) return NO_KEY
    return findKey(keys, (key) => digestOf(body, key), [Buffer.from(signature, 'hex')])
  },
  sign: (body, key) => ({ [HEADER]: hexOf(body, key) }),
}
