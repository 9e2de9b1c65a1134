import { type Database, SQLiteError } from 'bun:sqlite'
import { StartRefused } from '../start_refused.ts'
import type { Finding, Progress } from '../upkeep.ts'
import { storeFault } from './fault.ts'

/** What a step works on. */
export interface Site {
  readonly db: Database
  readonly path: string
  readonly progress: Progress
}

/** Steps by name, in their order. */
export type StepTable = Readonly<Record<string, (site: Site) => Finding>>

/** The engine of a long work: one connection and a table of steps, run one by one. */
export class Steps {
  readonly #site: Site
  readonly #table: StepTable

  constructor(site: Site, table: StepTable) {
    this.#site = site
    this.#table = table
  }

  /**
   * Runs a step of the table. Throws StoreUnavailable for a disk that does not take it, and
   * StartRefused for a database in which it cannot be done.
   */
  run(name: string): Finding {
    const step = this.#table[name]
    if (step === undefined) throw new Error(`there is no step ${name}`)
    try {
      return step(this.#site)
    } catch (error) {
      const fault = storeFault(error)
      if (!(fault instanceof SQLiteError)) throw fault
      const { path } = this.#site
      throw new StartRefused(`${path} cannot be mended: ${fault.message}; restore it from a backup`)
    }
  }

  /** Closes the connection. */
  close(): void {
    this.#site.db.close(true)
  }
}
