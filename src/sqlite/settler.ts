import type { Database, Statement } from 'bun:sqlite'
import { StoreUnavailable } from '../store.ts'
import type { Progress } from '../upkeep.ts'
import { removeArrivals } from './arrivals_file.ts'
import { checkpoint } from './checkpointer.ts'
import { BUSY_MILLISECONDS, over } from './connection.ts'
import { openWriting } from './database.ts'
import { Derived } from './derived.ts'
import { speaking } from './fault.ts'
import { moveArrivals, type Settled, settledOf } from './move.ts'
import { watchFiles } from './presence.ts'
import { type Question, Reader } from './reader.ts'

type Ask = (...args: readonly unknown[]) => unknown

/** Undoes a transaction that is no failure. */
const UNDO = new Error('undone on purpose')

/**
 * The half of the engine that no sender waits for: moves arrivals to the stored rows, with every
 * index and count. It alone writes the database.
 */
export class Settler {
  readonly #db: Database
  readonly #inPlace: () => boolean
  readonly #derived: Derived
  readonly #touch: Statement
  readonly #now: () => number
  /** Writes nothing new: a transaction that has read first could not wait for a lock to write. */
  readonly #lock: Statement

  /** Takes the connection of openWriting, and a clock in milliseconds. */
  constructor(db: Database, now: () => number) {
    this.#db = db
    this.#now = now
    this.#inPlace = watchFiles(db.filename)
    this.#derived = new Derived(db)
    this.#lock = db.prepare('UPDATE main.settled SET change = change')
    this.#touch = db.prepare('UPDATE main.readiness SET checked = checked + 1')
  }

  /**
   * Moves all arrivals to the stored rows and counts them, so that readers see them. Returns how
   * far they are settled, on disk. Throws StoreUnavailable with nothing moved or lost.
   */
  settle(): Settled {
    this.#transaction(() => this.#move())
    this.#refuseLostFile()
    return settledOf(this.#db)
  }

  /**
   * Answers a question of a reader where the arrivals cannot be moved, as on a full disk: moves
   * them in memory, asks, and undoes it. Throws StoreUnavailable where
   * that fails too, and what the reader throws.
   */
  peek(verb: Question, args: readonly unknown[]): unknown {
    const reader = new Reader(this.#db, { now: this.#now }) as unknown as Record<Question, Ask>
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
   * Copies the last pages of the WAL into the database between two moves. Nobody writes
   * meanwhile, so the next move starts the WAL anew, unless somebody is reading from it just
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
   * Settles what is left, closes the connection, which as the last one writes the WAL back and
   * removes it, and then removes the arrivals' file, of which nothing is needed any more. What
   * cannot be moved now stays there, and is moved when the database is opened again.
   */
  close(): void {
    const settled = this.#settles()
    this.#db.close(true)
    if (settled) removeArrivals(this.#db.filename)
  }

  #settles(): boolean {
    try {
      this.settle()
      return true
    } catch (error) {
      if (error instanceof StoreUnavailable) return false
      throw error
    }
  }

  #move(): void {
    this.#lock.run()
    moveArrivals(this.#db)
    while (this.#derived.advance());
  }

  /**
   * BEGIN to COMMIT; on an error everything is undone and the store's error thrown. Deferred: an
   * immediate transaction would lock the arrivals too, against senders.
   */
  #transaction(work: () => void): void {
    speaking(() => this.#db.transaction(work).deferred())
  }

  /** What was committed into a file that has lost its name does not count as settled. */
  #refuseLostFile(): void {
    if (this.#inPlace()) return
    throw new StoreUnavailable('database not ready', 'the file was deleted, moved, replaced or cut')
  }
}

/** Opens the settler of a file; see openWriting. */
export function openSettler(path: string, now: () => number, progress: Progress): Settler {
  return over(openWriting(path, progress), (db) => new Settler(db, now))
}
