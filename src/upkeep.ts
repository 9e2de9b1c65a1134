/** What came of a step: whether all is well after it, and the words that say so. */
export interface Finding {
  readonly ok: boolean
  readonly text: string
}

/** One step of a long work on a store. */
interface Step {
  readonly name: string
  /** How much of it is done, 0 to 1, for one that cannot tell while it works. */
  readonly part?: () => number
  /** Throws StoreUnavailable where the disk does not take what must be written. */
  readonly run: () => Promise<Finding>
}

/** A work on a store, step by step in this order; what it holds is held until it is closed. */
export interface Upkeep {
  readonly steps: readonly Step[]
  readonly close: () => Promise<void>
}

/** A copy of a store that is being made. */
export interface BackupWork extends Upkeep {
  /** Removes what there is of the copy, in the middle of a step; the process ends after that. */
  readonly abandon: () => void
}

/** Told how far a step is: what is done, and all that there is to do, in one unit. */
export type Progress = (done: number, total: number) => void
