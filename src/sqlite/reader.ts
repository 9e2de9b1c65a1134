import type { Database } from 'bun:sqlite'
import type { StoredMessage } from '../message.ts'
import type { ListQuery, Page, Stats } from '../query.ts'
import type { Budget } from './budget.ts'
import { countAll } from './count.ts'
import { storeFault } from './fault.ts'
import { listPage, pageOf } from './list.ts'
import { planSearch, SEARCH_LIMITS, type SearchLimits, searchRows } from './search.ts'
import { Totals } from './totals.ts'

const RECORD = 'message_id, sender AS "from", recipient AS "to", ts, text, seq, received_at'

const SENDERS_COUNT = 'SELECT senders AS n FROM derived'
const BUSIEST = `
  SELECT number AS "from", count FROM top_senders ORDER BY count DESC, number`

type Record = Omit<StoredMessage, 'received_at'> & { received_at: number }

const stored = (record: Record): StoredMessage => ({
  ...record,
  received_at: new Date(record.received_at).toISOString(),
})

/** The reading half of the engine: the SQL of every question, on one connection. */
export class Reader {
  readonly #db: Database
  readonly #limits: SearchLimits
  readonly #totals: Totals

  /** Takes an open, migrated database; a read-only connection is enough. */
  constructor(db: Database, limits: SearchLimits = SEARCH_LIMITS) {
    this.#db = db
    this.#limits = limits
    this.#totals = new Totals(db, limits)
  }

  /** See Store.list; a needle is looked for in every message that the other filters leave. */
  list(query: ListQuery): Page {
    return this.#snapshot(() => listPage(this.#db, query))
  }

  /**
   * See Store.list; for a query with a needle, on a connection that has the search index. Throws
   * QueryStopped.
   */
  search(query: ListQuery, budget: Budget): Page {
    const { rows, through } = this.#snapshot(() => ({
      rows: searchRows(this.#db, planSearch(this.#db, query, this.#limits)),
      through: countAll(this.#db),
    }))
    return pageOf(rows, this.#totals.total(query, through, budget), query.limit)
  }

  /** See Store.find. */
  find(messageId: string): StoredMessage | undefined {
    const sql = `SELECT ${RECORD} FROM messages WHERE message_id = ?`
    return this.#snapshot(() => {
      const record = this.#db.query<Record, [string]>(sql).get(messageId)
      return record === null ? undefined : stored(record)
    })
  }

  /** See Store.stats. */
  stats(): Stats {
    return this.#snapshot(() => ({
      total_messages: countAll(this.#db),
      senders_count: this.#db.query<{ n: number }, []>(SENDERS_COUNT).get()?.n ?? 0,
      messages_per_sender: this.#db.query<{ from: string; count: number }, []>(BUSIEST).all(),
      first_message_ts: this.#edge('ASC'),
      last_message_ts: this.#edge('DESC'),
    }))
  }

  /** See Store.readAfter. */
  readAfter(seq: number, limit: number): StoredMessage[] {
    const sql = `SELECT ${RECORD} FROM messages WHERE seq > ? ORDER BY seq LIMIT ?`
    return this.#snapshot(() =>
      this.#db.query<Record, [number, number]>(sql).all(seq, limit).map(stored),
    )
  }

  /** Closes the connection. */
  close(): void {
    this.#db.close(true)
  }

  #edge(direction: 'ASC' | 'DESC'): string | null {
    const order = `instant ${direction}, message_id ${direction}`
    const sql = `SELECT ts FROM messages ORDER BY ${order} LIMIT 1`
    return this.#db.query<{ ts: string }, []>(sql).get()?.ts ?? null
  }

  /** Runs several statements over one snapshot, and speaks the store's errors. */
  #snapshot<T>(work: () => T): T {
    try {
      return this.#db.transaction(work).deferred()
    } catch (error) {
      throw storeFault(error)
    }
  }
}
