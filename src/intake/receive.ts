import type { Delivery, Verified } from '../delivery.ts'
import { parseMessage } from '../message.ts'
import { type Outcome, Rejection } from '../outcome.ts'
import type { Committer } from './committer.ts'

/** The two stages of the intake that hold something: the keys, and the queue before the disk. */
export interface Intake {
  readonly verify: (delivery: Delivery) => Verified | Rejection
  readonly committer: Committer
}

/**
 * The spine: one delivery in, one outcome out. Verified before it is read, read before it is
 * stored, and on disk before there is a receipt.
 */
export async function receive(delivery: Delivery, intake: Intake): Promise<Outcome> {
  const verified = intake.verify(delivery)
  if (verified instanceof Rejection) return verified
  const message = parseMessage(verified)
  if (message instanceof Rejection) return message
  return intake.committer.commit(message)
}
