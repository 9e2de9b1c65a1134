import type { Unit } from '../bundle.ts'
import type { Delivery, Verified } from '../delivery.ts'
import { type Outcome, Rejection } from '../outcome.ts'
import type { Committer } from './committer.ts'

/** The stages of one route's intake, with the keys and the queue before the disk. */
export interface Intake {
  readonly verify: (delivery: Delivery) => Verified | Rejection
  /** Reads what was verified as a message, or as all that a notification brings. */
  readonly parse: (verified: Verified) => Unit | Rejection
  readonly committer: Committer
}

/**
 * The spine: one delivery in, one outcome out. Verified before it is read, read before it is
 * stored, and on disk before there is a receipt.
 */
export function receive(delivery: Delivery, intake: Intake): Outcome | Promise<Outcome> {
  const verified = intake.verify(delivery)
  if (verified instanceof Rejection) return verified
  const unit = intake.parse(verified)
  if (unit instanceof Rejection) return unit
  return intake.committer.commit(unit)
}
