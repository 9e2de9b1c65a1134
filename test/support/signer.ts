import { createHmac } from 'node:crypto'

/** The secret that test services share with the signer. */
export const SECRET = 'a-secret-for-tests'

/**
 * The contract's `X-Signature` of a body: lower-case hex HMAC-SHA256. Made with node:crypto and
 * never with our own signer, so that a mistake there cannot hide itself.
 */
export function signatureOf(body: Uint8Array | string, secret: string = SECRET): string {
  return createHmac('sha256', secret).update(body).digest('hex')
}

/** The init of a fetch that posts this body, signed; further headers win over the signature. */
export function signed(
  body: Uint8Array<ArrayBuffer> | string,
  headers: Record<string, string> = {},
): { method: 'POST'; body: Uint8Array<ArrayBuffer> | string; headers: Record<string, string> } {
  return { method: 'POST', body, headers: { 'X-Signature': signatureOf(body), ...headers } }
}

/** A valid message's fields, with some of them replaced; `undefined` takes a field away. */
export function fields(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    message_id: 'm1',
    from: '+919876543210',
    to: '+14155550100',
    ts: '2025-01-15T10:00:00Z',
    text: 'Hello',
    ...changes,
  }
}

/** A signed delivery of a valid message with some fields replaced. */
export function delivery(changes: Record<string, unknown> = {}): ReturnType<typeof signed> {
  return signed(JSON.stringify(fields(changes)))
}
