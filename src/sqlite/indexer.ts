import type { Database, Statement } from 'bun:sqlite'
import { storeFault } from './fault.ts'
import { gramsOf } from './grams.ts'
import { Warming } from './warming.ts'

/** Messages that one transaction indexes: some tens of milliseconds. */
const CHUNK_ROWS = 2000

interface Row {
  readonly seq: number
  readonly message_id: string
  readonly folded: string | null
}

/**
 * Keeps the search index up with the messages, in a file and on a connection of its own, so that
 * no commit waits for it. Readers look at the rows that are not indexed yet one by one.
 */
export class Indexer {
  readonly #db: Database
  readonly #next: Statement<Row, [number]>
  readonly #insert: Statement
  readonly #advance: Statement
  readonly #warming: Warming

  /** Takes a connection of openIndexing. */
  constructor(db: Database) {
    this.#db = db
    this.#next = db.prepare(
      `SELECT seq, message_id, coalesce(folded, lower(text)) AS folded FROM messages
       WHERE seq > ? ORDER BY seq LIMIT ${CHUNK_ROWS}`,
    )
    this.#insert = db.prepare('INSERT INTO search.grams (rowid, words) VALUES (?, ?)')
    this.#warming = new Warming(db)
    this.#advance = db.prepare('UPDATE search.indexed SET through = ?, message_id = ?')
  }

  /** Indexes the next messages. Returns whether there may be more. */
  advance(): boolean {
    try {
      const sql = 'SELECT through FROM search.indexed'
      const { through } = this.#db.query<{ through: number }, []>(sql).get() ?? { through: 0 }
      // Read outside the transaction: a snapshot of the messages held for as long as indexing
      // takes would keep the writer from starting its WAL anew.
      const rows = this.#next.all(through)
      // Deferred: an immediate transaction would lock the database too, against who settles.
      if (rows.length > 0) this.#db.transaction(() => this.#index(rows)).deferred()
      return rows.length === CHUNK_ROWS
    } catch (error) {
      throw storeFault(error)
    }
  }

  /** Reads a part of the indexes into the machine's page cache. Returns whether there is more. */
  warm(): boolean {
    try {
      return this.#warming.step()
    } catch (error) {
      throw storeFault(error)
    }
  }

  /** Closes the connection. */
  close(): void {
    this.#db.close(true)
  }

  #index(rows: readonly Row[]): void {
    for (const { seq, folded } of rows) {
      if (folded !== null) this.#insert.run(seq, gramsOf(folded))
    }
    const last = rows.at(-1)
    if (last !== undefined) this.#advance.run(last.seq, last.message_id)
  }
}
