import type { Delivery, Verified } from '../delivery.ts'
import { Rejection } from '../outcome.ts'
import type { Signer } from '../scheme.ts'
import type { Keyring } from './keyring.ts'

/** What a delivery is verified with. */
export interface Verification {
  readonly keyring: Keyring
  /** How far the time that a scheme signs may lie from ours, either way, in seconds. */
  readonly toleranceSeconds: number
  /**
   * Told of each signature that matched: whose it is, and for a scheme that signs a time, how
   * many seconds that lies behind ours, negative when it lies ahead.
   */
  readonly onMatch: (signer: Signer, skewSeconds: number | undefined) => void
}

/**
 * Lets a delivery through only when one of the schemes says that one of the keys signed its raw
 * body. Nothing of the body is read before. The one place that makes a Verified. A delivery
 * signed right but outside of the replay window is told apart, for the operator alone: the
 * answer is the same.
 */
export function verify(delivery: Delivery, verification: Verification): Verified | Rejection {
  for (const { scheme, keys, signers } of verification.keyring) {
    const signer = signers[scheme.verify(delivery, keys)]
    if (signer === undefined) continue
    const signedAt = scheme.signedAt?.(delivery.headers)
    const skew = signedAt === undefined ? undefined : (delivery.receivedAt - signedAt * 1000) / 1000
    verification.onMatch(signer, skew)
    if (skew !== undefined && isOutside(skew, verification.toleranceSeconds)) {
      return new Rejection('timestamp_out_of_tolerance')
    }
    delivery.signer = signer
    return delivery as Verified
  }
  return new Rejection('invalid_signature')
}

/** The time signed has no fraction, so ours is taken without one too. */
function isOutside(skewSeconds: number, toleranceSeconds: number): boolean {
  return Math.abs(Math.floor(skewSeconds)) > toleranceSeconds
}
