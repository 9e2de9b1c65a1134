import { type Database, SQLiteError, type Statement } from 'bun:sqlite'
import type { Arrival, Message } from '../message.ts'
import type { Receipt } from '../outcome.ts'
import { StoreUnavailable } from '../store.ts'
import { Arrivals, moveArrivals, type Numbered } from './arrivals.ts'
import { checkpoint } from './checkpointer.ts'
import { BUSY_MILLISECONDS } from './database.ts'
import { Derived } from './derived.ts'
import { storeFault } from './fault.ts'
import { watchFiles } from './presence.ts'
import { type Question, Reader } from './reader.ts'

/**
 * Most messages that are not indexed yet, where moving them keeps failing. It bounds the memory
 * for their ids, and the time to be ready after a crash.
 */
const ARRIVALS_MAX = 65_536

type Ask = (...args: readonly unknown[]) => unknown

/** Undoes a transaction that is no failure. */
const UNDO = new Error('undone on purpose')

/** The writing half of the engine: the SQL of `append` and `check`, on one connection. */
export class Writer {
  readonly #db: Database
  readonly #inPlace: () => boolean
  readonly #arrivals: Arrivals
  readonly #touch: Statement
  readonly #derived: Derived

  /** Takes an open, migrated database. */
  constructor(db: Database) {
    this.#db = db
    this.#inPlace = watchFiles(db.filename)
    this.#arrivals = new Arrivals(db)
    this.#touch = db.prepare('UPDATE readiness SET checked = checked + 1')
    this.#derived = new Derived(db)
  }

  /**
   * Stores a batch in one transaction; see Store.append. A row that breaks a constraint fails
   * alone, as its statement is undone by itself. Throws StoreUnavailable with nothing stored.
   */
  append(batch: readonly Arrival[]): (Receipt | Error)[] {
    if (this.#arrivals.count >= ARRIVALS_MAX) this.settle()
    const fresh = new Map<string, number>()
    const answers = this.#transaction(() => batch.map((each) => this.#appendOne(each, fresh)))
    this.#arrivals.keep(fresh)
    this.#refuseLostFile()
    return answers
  }

  /**
   * Moves the acknowledged messages to the indexed ones and counts them, so that readers see
   * them. Returns how many they are. Throws StoreUnavailable with nothing moved or lost.
   */
  settle(): number {
    const { count } = this.#arrivals
    if (count === 0) return 0
    this.#transaction(() => this.#move())
    this.#arrivals.clear()
    this.#refuseLostFile()
    return count
  }

  /**
   * Answers a question of a reader where the messages cannot be moved, as on a full disk: moves
   * them in memory, asks, and undoes it. Throws StoreUnavailable where that fails too.
   */
  peek(verb: Question, args: readonly unknown[]): unknown {
    const reader = new Reader(this.#db) as unknown as Record<Question, Ask>
    let answer: unknown
    // Changed pages that do not fit the cache would otherwise be written to the full disk.
    this.#db.run('PRAGMA cache_spill = OFF')
    try {
      this.#transaction(() => {
        this.#move()
        answer = reader[verb](...args)
        throw UNDO
      })
    } catch (error) {
      if (error !== UNDO) throw error
    } finally {
      this.#db.run('PRAGMA cache_spill = ON')
    }
    return answer
  }

  /** Rewrites the readiness row and syncs it; see Store.check. */
  check(): void {
    this.#transaction(() => this.#touch.run())
    this.#refuseLostFile()
  }

  /**
   * Copies the last pages of the WAL into the database between two batches. Nobody writes
   * meanwhile, so the next commit starts the WAL anew, unless somebody is reading from it just
   * then. For a WAL of more than `pagesMax` it waits for those readers, and for no later one, at
   * most so long: readers without a pause cannot make it grow without end.
   */
  finishCheckpoint(pagesMax: number, readersMilliseconds: number): void {
    if (checkpoint(this.#db, 'PASSIVE').log < pagesMax) return
    this.#db.run(`PRAGMA busy_timeout = ${readersMilliseconds}`)
    try {
      checkpoint(this.#db, 'RESTART')
    } finally {
      this.#db.run(`PRAGMA busy_timeout = ${BUSY_MILLISECONDS}`)
    }
  }

  /**
   * Closes the connection; as the last one it writes the WAL back and removes it. What cannot be
   * moved now is moved when the database is opened again.
   */
  close(): void {
    try {
      this.settle()
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
    }
    this.#db.close(true)
  }

  #move(): void {
    moveArrivals(this.#db)
    while (this.#derived.advance());
  }

  /** BEGIN IMMEDIATE to COMMIT; on an error everything is undone and the store's error thrown. */
  #transaction<T>(work: () => T): T {
    try {
      return this.#db.transaction(work).immediate()
    } catch (error) {
      throw storeFault(error)
    }
  }

  /** What was committed into a file that has lost its name is not acknowledged. */
  #refuseLostFile(): void {
    if (this.#inPlace()) return
    throw new StoreUnavailable('database not ready', 'the file was deleted, moved, replaced or cut')
  }

  /** Stores one arrival; a new one is added to `fresh`, which has those of this transaction. */
  #appendOne(arrival: Arrival, fresh: Map<string, number>): Receipt | Error {
    const { message_id: messageId } = arrival
    const stored = this.#arrivals.find(messageId, fresh)
    if (stored !== undefined) return duplicate(arrival, stored)
    const seq = this.#arrivals.lastSeq + fresh.size + 1
    try {
      this.#arrivals.insert(seq, arrival)
    } catch (error) {
      if (error instanceof SQLiteError && error.code?.startsWith('SQLITE_CONSTRAINT')) return error
      throw error
    }
    fresh.set(messageId, seq)
    return { result: 'created', messageId, seq, conflict: false }
  }
}

function duplicate(arrival: Arrival, stored: Numbered): Receipt {
  const { message_id: messageId } = arrival
  const conflict = FIELDS.some((name) => stored[name] !== arrival[name])
  return { result: 'duplicate', messageId, seq: stored.seq, conflict }
}

const FIELDS = ['from', 'to', 'ts', 'text'] as const satisfies (keyof Message)[]
