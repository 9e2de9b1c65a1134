import type { ListQuery, Page } from '../query.ts'
import { type Allowance, startBudget } from './budget.ts'
import { openReading } from './database.ts'
import { Reader } from './reader.ts'
import { attachSearch } from './search_file.ts'

/** Searches within the time and for as long as its caller allows. */
export class Searcher {
  readonly #reader: Reader
  readonly #now: () => number

  /**
   * Takes the path of a database that openWriting and openIndexing have made ready, and a clock
   * in milliseconds.
   */
  constructor(path: string, now: () => number) {
    const db = openReading(path)
    attachSearch(db, path)
    this.#reader = new Reader(db)
    this.#now = now
  }

  /** See Reader.search. */
  search(query: ListQuery, allowance: Allowance): Page {
    return this.#reader.search(query, startBudget(allowance, this.#now))
  }

  /** Closes the connection. */
  close(): void {
    this.#reader.close()
  }
}
