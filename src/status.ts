import { parseInstant } from './instant.ts'

/**
 * How far each status of a message that we sent lies along its way. One that is not known is
 * before all of them. A failure after a delivery is no step back: what was delivered stays so.
 */
const RANKS: Readonly<Record<string, number>> = {
  sent: 1,
  failed: 2,
  delivered: 3,
  read: 4,
  played: 5,
}

/** One step of an outgoing message, as its notification told it. */
export interface StatusEvent {
  readonly status: string
  /** When it happened, in the form of a message's `ts`. */
  readonly ts: string
  /** Who the message was sent to: a plus and digits. */
  readonly recipient: string
  /** The number of ours that it was sent from: a plus and digits. */
  readonly sender: string
  /** The notification's item as JSON text. */
  readonly raw: string
}

/** A status on its way to the store. */
export interface StatusArrival extends StatusEvent {
  readonly message_id: string
  /** Milliseconds since the Unix epoch. */
  readonly receivedAt: number
}

const rankOf = ({ status }: StatusEvent) => (Object.hasOwn(RANKS, status) ? RANKS[status] : 0) ?? 0

/** Orders by time, and where that is the same by text, so that no two events are equal. */
function compareTimes(a: StatusEvent, b: StatusEvent): number {
  const difference = (parseInstant(a.ts) ?? 0n) - (parseInstant(b.ts) ?? 0n)
  if (difference !== 0n) return difference < 0n ? -1 : 1
  return a.raw === b.raw ? 0 : a.raw < b.raw ? -1 : 1
}

/** Orders by how far along the way; among those that are not known, by time and name. */
function compareSteps(a: StatusEvent, b: StatusEvent): number {
  const byName = a.status === b.status ? 0 : a.status < b.status ? -1 : 1
  return rankOf(a) - rankOf(b) || compareTimes(a, b) || byName
}

/**
 * Adds a step to those that are known of a message, each status once, the furthest last. Of two
 * reports of the same status the earlier counts. Undefined where nothing new was learnt. In
 * whatever order and however often the same steps come, they end the same.
 */
export function addStep(
  history: readonly StatusEvent[],
  event: StatusEvent,
): readonly StatusEvent[] | undefined {
  const known = history.find(({ status }) => status === event.status)
  if (known !== undefined && compareTimes(known, event) <= 0) return undefined
  return [...history.filter((each) => each !== known), event].sort(compareSteps)
}
