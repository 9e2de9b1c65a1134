import { QueryStopped } from '../store.ts'

/** How long one question may take, and whether anybody still waits for its answer. */
export interface Budget {
  /** Throws QueryStopped when the time is over or the asker has gone; cheap enough for a loop. */
  check(): void
}

/** What a caller in another thread says of a budget; it can be sent between threads. */
export interface Allowance {
  readonly milliseconds: number
  /** One shared number: anything but 0 means that nobody waits any more. */
  readonly gone: Int32Array
}

/** A budget of an allowance that starts now, by a clock in milliseconds. */
export function startBudget({ milliseconds, gone }: Allowance, now: () => number): Budget {
  const end = now() + milliseconds
  return {
    check: () => {
      if (Atomics.load(gone, 0) !== 0) throw new QueryStopped('cancelled')
      if (now() > end) throw new QueryStopped('timeout')
    },
  }
}
