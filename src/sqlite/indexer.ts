import type { Database, Statement } from 'bun:sqlite'
import { over } from './connection.ts'
import { speaking } from './fault.ts'
import { Harvest } from './harvest.ts'
import { MERGE_LIMITS, type MergeLimits, Merging } from './merging.ts'
import { closeSearch, openIndexing } from './search_file.ts'
import { SegmentWriter } from './segments.ts'
import { Warming } from './warming.ts'

/** Messages that one segment is made of at most, before any is merged. */
const CHUNK_MESSAGES = 8192

/** Rows that are in memory at a time. */
const READ_ROWS = 512

type Row = [seq: number, folded: string | null]

/**
 * Keeps the search index up with the messages, in a file and on a connection of its own, so that
 * no commit waits for it. Readers look at the rows that are not indexed yet one by one.
 */
export class Indexer {
  readonly #db: Database
  readonly #next: Statement<Row, [number]>
  readonly #nameOf: Statement<{ message_id: string }, [number]>
  readonly #advance: Statement
  readonly #warming: Warming
  readonly #merging: Merging
  #harvest = new Harvest()

  /** Takes a connection of openIndexing. */
  constructor(db: Database, limits: MergeLimits = MERGE_LIMITS) {
    this.#db = db
    this.#next = db.prepare(
      `SELECT seq, coalesce(folded, lower(text)) FROM messages
       WHERE seq > ? ORDER BY seq LIMIT ${READ_ROWS}`,
    )
    this.#nameOf = db.prepare('SELECT message_id FROM messages WHERE seq = ?')
    this.#advance = db.prepare('UPDATE search.indexed SET through = ?, message_id = ?')
    this.#warming = new Warming(db)
    this.#merging = new Merging(db, limits)
  }

  /**
   * Indexes the next messages, if there are at least so many, and does a step of keeping the
   * segments few. Returns whether there may be more to do.
   */
  advance(least = 1): boolean {
    return speaking(() => {
      const { through, waiting } = this.#one<{ through: number; waiting: number }>(
        `SELECT through, coalesce((SELECT max(seq) FROM messages), 0) - through AS waiting
         FROM search.indexed`,
      )
      const some = waiting >= least && waiting > 0
      if (some) this.#index(through)
      return this.#merging.step() || some
    })
  }

  /** Reads a part of the indexes into the machine's page cache. Returns whether there is more. */
  warm(): boolean {
    return speaking(() => this.#warming.step())
  }

  /** Closes the connection, and leaves the file as one that was closed in order. */
  close(): void {
    closeSearch(this.#db)
  }

  /**
   * Takes the grams of the messages after a seq, as many as there is room for. No transaction: a
   * snapshot of the messages held for so long would keep the settler from starting its WAL anew.
   * Returns the seq of the last.
   */
  #gather(through: number): number {
    let last = through
    this.#harvest.clear()
    for (;;) {
      const rows = this.#next.values(last) as Row[]
      for (const [seq, folded] of rows) {
        if (this.#harvest.size >= CHUNK_MESSAGES) return last
        if (!this.#harvest.hasRoom(folded)) {
          if (this.#harvest.size > 0) return last
          this.#harvest = new Harvest(folded?.length)
        }
        // Lists count from the segment's first message, so a number that is missing is passed over.
        this.#harvest.skipTo(seq - through - 1)
        this.#harvest.add(folded)
        last = seq
      }
      if (rows.length < READ_ROWS) return last
    }
  }

  #index(through: number): void {
    const last = this.#gather(through)
    const name = this.#nameOf.get(last)?.message_id ?? null
    // Deferred: an immediate transaction would lock the database too, against who settles.
    this.#db.transaction(() => this.#write(through + 1, last, name)).deferred()
  }

  #one<T>(sql: string): T {
    const row = this.#db.query<T, []>(sql).get()
    if (row === null) throw new Error('the search index has lost its row on what it knows')
    return row
  }

  #write(first: number, last: number, name: string | null): void {
    const segment = new SegmentWriter(this.#db, first, last)
    this.#harvest.writeTo(segment.blocks)
    segment.complete()
    this.#advance.run(last, name)
  }
}

/** Opens the indexer of a file; see openIndexing. */
export function openIndexer(path: string): Indexer {
  return over(openIndexing(path), (db) => new Indexer(db))
}
