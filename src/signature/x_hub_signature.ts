import { digestOf, findKey, hexOf, makeKey, NO_KEY } from './hmac.ts'
import type { Scheme } from './scheme.ts'

const HEADER = 'x-hub-signature-256'
const PREFIX = 'sha256='

/** The prefix and lower-case hex of 32 bytes, as GitHub and Meta document it. */
const FORM = /^sha256=[0-9a-f]{64}$/

/** The scheme of GitHub's and Meta's hubs: as the contract's own, behind `sha256=`. */
export const X_HUB_SIGNATURE: Scheme = {
  name: 'x-hub-signature-256',
  headers: [HEADER],
  makeKey,
  verify: ({ body, headers }, keys) => {
    const signature = headers.get(HEADER)
    if (signature === null || !FORM.test(signature)) return NO_KEY
    const digest = Buffer.from(signature.slice(PREFIX.length), 'hex')
    return findKey(keys, (key) => digestOf(body, key), [digest])
  },
  sign: (body, key) => ({ [HEADER]: PREFIX + hexOf(body, key) }),
}
