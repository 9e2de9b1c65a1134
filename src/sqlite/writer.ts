import { type Database, SQLiteError, type Statement } from 'bun:sqlite'
import { fold } from '../fold.ts'
import { parseInstant } from '../instant.ts'
import type { Arrival, Message } from '../message.ts'
import type { Receipt } from '../outcome.ts'
import { StoreUnavailable } from '../store.ts'
import { type Counted, Derived } from './derived.ts'
import { storeFault } from './fault.ts'
import { watchFiles } from './presence.ts'

type Row = Message & { seq: number }

/** The writing half of the engine: the SQL of `append` and `check`, on one connection. */
export class Writer {
  readonly #db: Database
  readonly #inPlace: () => boolean
  readonly #insert: Statement
  readonly #stored: Statement<Row, [string]>
  readonly #touch: Statement
  readonly #derived: Derived

  /** Takes an open, migrated database. */
  constructor(db: Database) {
    this.#db = db
    this.#inPlace = watchFiles(db.filename)
    this.#insert = db.prepare(
      `INSERT INTO messages
         (message_id, sender, recipient, ts, instant, text, folded, received_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (message_id) DO NOTHING`,
    )
    this.#stored = db.prepare(
      `SELECT seq, message_id, sender AS "from", recipient AS "to", ts, text
       FROM messages WHERE message_id = ?`,
    )
    this.#touch = db.prepare('UPDATE readiness SET checked = checked + 1')
    this.#derived = new Derived(db)
  }

  /**
   * Stores a batch in one transaction; see Store.append. A row that breaks a constraint fails
   * alone, as its statement is undone by itself. Throws StoreUnavailable with nothing stored.
   */
  append(batch: readonly Arrival[]): (Receipt | Error)[] {
    return this.#transaction(() => {
      const created: Counted[] = []
      const answers = batch.map((arrival) => this.#appendOne(arrival, created))
      const last = answers.findLast((answer) => 'result' in answer && answer.result === 'created')
      if (last !== undefined) this.#derived.add(created, (last as Receipt).seq)
      return answers
    })
  }

  /** Rewrites the readiness row and syncs it; see Store.check. */
  check(): void {
    this.#transaction(() => this.#touch.run())
  }

  /**
   * Copies the last pages of the WAL into the database between two batches. Nobody writes
   * meanwhile, so the next commit starts the WAL anew, and it does not grow without end.
   */
  finishCheckpoint(): void {
    try {
      this.#db.run('PRAGMA wal_checkpoint(PASSIVE)')
    } catch (error) {
      throw storeFault(error)
    }
  }

  /** Closes the connection; as the last one it writes the WAL back and removes it. */
  close(): void {
    this.#db.close(true)
  }

  /**
   * BEGIN IMMEDIATE to COMMIT; on an error everything is undone and the store's error thrown.
   * What was committed into a file that has lost its name is not acknowledged either.
   */
  #transaction<T>(work: () => T): T {
    let result: T
    try {
      result = this.#db.transaction(work).immediate()
    } catch (error) {
      throw storeFault(error)
    }
    if (this.#inPlace()) return result
    throw new StoreUnavailable('database not ready', 'the file was deleted, moved, replaced or cut')
  }

  /** Stores one arrival, and adds it to `created` where it is new. */
  #appendOne(arrival: Arrival, created: Counted[]): Receipt | Error {
    try {
      const { message_id, from, to, ts, text, receivedAt } = arrival
      const instant = parseInstant(ts) ?? null
      const values = [message_id, from, to, ts, instant, text, foldedColumn(text), receivedAt]
      const { changes, lastInsertRowid } = this.#insert.run(...values)
      if (changes === 0) return this.#duplicate(arrival)
      const seq = Number(lastInsertRowid)
      created.push({ sender: from, recipient: to, instant: instant ?? 0n })
      return { result: 'created', messageId: message_id, seq, conflict: false }
    } catch (error) {
      if (error instanceof SQLiteError && error.code?.startsWith('SQLITE_CONSTRAINT')) return error
      throw error
    }
  }

  #duplicate(arrival: Arrival): Receipt {
    const stored = this.#stored.get(arrival.message_id)
    if (stored === null) throw new Error('a duplicate has no stored row')
    const conflict = FIELDS.some((name) => stored[name] !== arrival[name])
    const { message_id: messageId } = arrival
    return { result: 'duplicate', messageId, seq: stored.seq, conflict }
  }
}

const FIELDS = ['from', 'to', 'ts', 'text'] as const satisfies (keyof Message)[]

/** The folded text to keep, or null where `lower(text)` in SQL, which folds ASCII, says it. */
export function foldedColumn(text: string | null): string | null {
  if (text === null) return null
  const folded = fold(text)
  const sqlLower = text.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase())
  return folded === sqlLower ? null : folded
}
