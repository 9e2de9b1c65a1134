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

/** How much a unit counts in a queue: its items, at least one. */
export function sizeOf(unit: Unit): number {
  if (!isBundle(unit)) return 1
  return Math.max(1, unit.messages.length + unit.statuses.length + unit.kept.length)
}
