/** What came of a step: whether all is well after it, and the words that say so. */
export interface Finding {
  readonly ok: boolean
  readonly text: string
}

/** One step of a long work on a store that nobody serves meanwhile. */
interface Step {
  readonly name: string
  /** Throws StoreUnavailable where the disk does not take what must be written. */
  readonly run: () => Promise<Finding>
}

/** A work on a store, step by step in this order; the store is held until it is closed. */
export interface Upkeep {
  readonly steps: readonly Step[]
  readonly close: () => Promise<void>
}

/** Told how far a step is: what is done, and all that there is to do, in one unit. */
export type Progress = (done: number, total: number) => void
