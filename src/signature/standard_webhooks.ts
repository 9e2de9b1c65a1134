import { bytesOfSecret } from '../secret.ts'
import { findKey, type Key, makeKey, NO_KEY } from './hmac.ts'
import type { Scheme } from './scheme.ts'

const ID = 'webhook-id'
const TIMESTAMP = 'webhook-timestamp'
const SIGNATURES = 'webhook-signature'

/** Whole seconds since the Unix epoch; twelve digits last for thirty thousand years. */
const SECONDS = /^[0-9]{1,12}$/

/** A symmetric signature: base64 of 32 bytes. Other versions, as `v1a`, are passed over. */
const SIGNATURE = /^v1,([A-Za-z0-9+/]{43}=)$/

/** More entries than a sender has secrets are not worth a comparison each. */
export const SIGNATURES_MAX = 16

function digestsIn(header: string): Buffer[] {
  return header
    .split(' ', SIGNATURES_MAX)
    .map((entry) => SIGNATURE.exec(entry)?.[1])
    .filter((base64) => base64 !== undefined)
    .map((base64) => Buffer.from(base64, 'base64'))
}

function signedDigest(body: Uint8Array, key: Key, id: string, seconds: string): Buffer {
  return key.copy().update(`${id}.${seconds}.`).update(body).digest()
}

/**
 * Standard Webhooks 1.0.0 (https://www.standardwebhooks.com), as Svix and others send it:
 * `webhook-signature` holds one or several HMACs over id, time and body. A `whsec_` secret stands
 * for its bytes; any other for its text.
 */
export const STANDARD_WEBHOOKS: Scheme = {
  name: 'standard-webhooks',
  headers: [SIGNATURES, ID, TIMESTAMP],
  makeKey: (secret) => {
    const bytes = bytesOfSecret(secret)
    if (bytes === undefined) throw new Error('the webhook secret is no base64 after whsec_')
    return makeKey(bytes)
  },
  verify: ({ body, headers }, keys) => {
    const id = headers.get(ID)
    const seconds = headers.get(TIMESTAMP)
    const digests = digestsIn(headers.get(SIGNATURES) ?? '')
    if (!id || seconds === null || !SECONDS.test(seconds) || digests.length === 0) return NO_KEY
    return findKey(keys, (key) => signedDigest(body, key, id, seconds), digests)
  },
  signedAt: (headers) => {
    const seconds = headers.get(TIMESTAMP) ?? ''
    return SECONDS.test(seconds) ? Number(seconds) : Number.NaN
  },
  sign: (body, key, { id, seconds }) => ({
    [ID]: id,
    [TIMESTAMP]: String(seconds),
    [SIGNATURES]: `v1,${signedDigest(body, key, id, String(seconds)).toString('base64')}`,
  }),
}
