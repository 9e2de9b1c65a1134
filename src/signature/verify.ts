import type { Delivery, Verified } from '../delivery.ts'
import { Rejection } from '../outcome.ts'
import { type Key, matches, X_SIGNATURE } from './x_signature.ts'

/**
 * Lets a delivery through only when its X-Signature is the HMAC of its raw body under the key.
 * Nothing of the body is read before. The one place that makes a Verified.
 */
export function verify(delivery: Delivery, key: Key): Verified | Rejection {
  const signature = delivery.headers.get(X_SIGNATURE)
  if (!matches(delivery.body, signature, key)) return new Rejection('invalid_signature')
  return delivery as Verified
}
