import type { Store } from '../src/store.ts'

/** A kind of store that the contract is run on. */
export interface Engine {
  readonly name: string
  /** Opens a new, empty store. */
  readonly open: () => Promise<Store>
  /** Opens again what the last `open` made, once that is closed; absent where nothing is kept. */
  readonly reopen?: () => Promise<Store>
  /** How many sets of random messages the property tests try. */
  readonly propertyRuns: number
}

/** Registers a test that gets a new store, which is closed behind it. */
export type StoreTest = (name: string, run: (store: Store) => Promise<void>) => void
