import type { Database, SQLQueryBindings } from 'bun:sqlite'
import { fold } from '../fold.ts'
import type { Message, StoredMessage } from '../message.ts'
import { type ListQuery, type Page, STATS_SENDERS_MAX, type Stats } from '../query.ts'
import { storeFault } from './fault.ts'

const MESSAGE = `message_id, sender AS "from", recipient AS "to", ts, text`
const RECORD = `${MESSAGE}, seq, received_at`

type Record = Omit<StoredMessage, 'received_at'> & { received_at: number }

const stored = (record: Record): StoredMessage => ({
  ...record,
  received_at: new Date(record.received_at).toISOString(),
})

/** Greatest OFFSET that SQLite takes; no store holds as many rows. */
const OFFSET_MAX = 2n ** 63n - 1n

/** The filters of a list query as a WHERE clause and its bindings. */
function where(query: ListQuery): { clause: string; bindings: SQLQueryBindings[] } {
  const terms: [string, SQLQueryBindings][] = []
  if (query.from !== undefined) terms.push(['sender = ?', query.from])
  if (query.since !== undefined) terms.push(['instant >= ?', query.since])
  // instr() compares bytes, so every character of the needle stands for itself.
  if (query.q !== undefined) terms.push(['instr(coalesce(folded, lower(text)), ?)', fold(query.q)])
  return {
    clause: terms.length === 0 ? '' : `WHERE ${terms.map(([sql]) => sql).join(' AND ')}`,
    bindings: terms.map(([, value]) => value),
  }
}

/** The reading half of the engine: the SQL of every question, on one connection. */
export class Reader {
  readonly #db: Database

  /** Takes an open, migrated database; a read-only connection is enough. */
  constructor(db: Database) {
    this.#db = db
  }

  /** See Store.list. */
  list(query: ListQuery): Page {
    const { clause, bindings } = where(query)
    const offset = query.offset > OFFSET_MAX ? OFFSET_MAX : query.offset
    return this.#snapshot(() => ({
      data: this.#db
        .query<Message, SQLQueryBindings[]>(
          `SELECT ${MESSAGE} FROM messages ${clause}
           ORDER BY instant, message_id LIMIT ? OFFSET ?`,
        )
        .all(...bindings, query.limit, offset),
      total: this.#count(`SELECT count(*) AS n FROM messages ${clause}`, bindings),
    }))
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
      total_messages: this.#count('SELECT count(*) AS n FROM messages'),
      senders_count: this.#count('SELECT count(DISTINCT sender) AS n FROM messages'),
      messages_per_sender: this.#db
        .query<{ from: string; count: number }, [number]>(
          `SELECT sender AS "from", count(*) AS count FROM messages
           GROUP BY sender ORDER BY count DESC, sender LIMIT ?`,
        )
        .all(STATS_SENDERS_MAX),
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

  #count(sql: string, bindings: SQLQueryBindings[] = []): number {
    return this.#db.query<{ n: number }, SQLQueryBindings[]>(sql).get(...bindings)?.n ?? 0
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
