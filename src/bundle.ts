import type { KeptArrival } from './kept.ts'
import type { Arrival } from './message.ts'
import type { StatusArrival } from './status.ts'

/** All that one notification brings: stored in one transaction, or not at all. */
export interface Bundle {
  readonly messages: readonly Arrival[]
  readonly statuses: readonly StatusArrival[]
  /** What is neither, and what could not be read as either. */
  readonly kept: readonly KeptArrival[]
}

/** What one delivery hands to the store: a message, or a bundle that is never torn apart. */
export type Unit = Arrival | Bundle

/** Whether a unit is a bundle. */
export function isBundle(unit: Unit): unit is Bundle {
  return 'statuses' in unit
}

const lengthOfMessage = ({ text, whatsapp }: Arrival) =>
  (text?.length ?? 0) + (whatsapp?.raw.length ?? 0)

/** How long the texts of a unit are together, in UTF-16 code units: most of what it takes. */
export function lengthOf(unit: Unit): number {
  if (!isBundle(unit)) return lengthOfMessage(unit)
  let length = 0
  for (const message of unit.messages) length += lengthOfMessage(message)
  for (const { raw } of [...unit.statuses, ...unit.kept]) length += raw.length
  return length
}

/** How much a unit counts in a queue: its items, at least one. */
export function sizeOf(unit: Unit): number {
  if (!isBundle(unit)) return 1
  return Math.max(1, unit.messages.length + unit.statuses.length + unit.kept.length)
}
