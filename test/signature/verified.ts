import { createHmac } from 'node:crypto'
import type { Delivery, Verified } from '../../src/delivery.ts'
import { Rejection } from '../../src/outcome.ts'
import { makeKeyring } from '../../src/signature/keyring.ts'
import { type Verification, verify } from '../../src/signature/verify.ts'

/** The secret that `signed` signs with. */
export const SECRET = 'testsecret'

/** Lets through what `signed` makes, and nothing else. */
export const VERIFICATION: Verification = {
  keyring: makeKeyring(['x-signature'], { current: SECRET }),
  toleranceSeconds: 300,
  onMatch: () => {},
}

/** A delivery of this body, signed with node:crypto; an object is sent as JSON. */
export function signed(body: string | Uint8Array | object): Delivery {
  const raw = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
  const bytes = typeof raw === 'string' ? new TextEncoder().encode(raw) : raw
  const signature = createHmac('sha256', SECRET).update(bytes).digest('hex')
  return { body: bytes, headers: new Headers({ 'X-Signature': signature }), receivedAt: 1234 }
}

/** A delivery of this body that really was verified. Throws when it is not let through. */
export function verified(body: string | Uint8Array | object): Verified {
  const outcome = verify(signed(body), VERIFICATION)
  if (outcome instanceof Rejection) throw new Error(`not verified: ${outcome.result}`)
  return outcome
}
