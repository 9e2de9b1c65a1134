import type { Database } from 'bun:sqlite'
import { openBeside, over } from './connection.ts'
import { speaking } from './fault.ts'

/** The counts that SQLite answers to a checkpoint pragma, in pages. */
interface Wal {
  /** Pages in the WAL. */
  readonly log: number
  /** Those of them that are in the database too. */
  readonly checkpointed: number
}

/**
 * Copies from the WAL into the database (https://sqlite.org/pragma.html#pragma_wal_checkpoint);
 * NOOP copies nothing and only counts. Throws StoreUnavailable.
 */
export function checkpoint(db: Database, mode: 'NOOP' | 'PASSIVE' | 'RESTART'): Wal {
  return speaking(() => {
    const wal = db.query<Wal, []>(`PRAGMA wal_checkpoint(${mode})`).get()
    if (wal === null) throw new Error('the checkpoint pragma gave no answer')
    return wal
  })
}

/** Copies the WAL into the database on a connection of its own, while another one writes. */
export class Checkpointer {
  readonly #db: Database

  /** Takes a connection that may write. */
  constructor(db: Database) {
    this.#db = db
  }

  /**
   * Copies what can be copied without waiting for anyone (PASSIVE) and syncs it, when the WAL has
   * at least so many pages that are not in the database. Writers go on meanwhile, so some pages
   * may be left at the end. Returns whether there was enough to copy.
   */
  copy(pagesMin: number): boolean {
    const { log, checkpointed } = checkpoint(this.#db, 'NOOP')
    if (log - checkpointed < pagesMin) return false
    checkpoint(this.#db, 'PASSIVE')
    return true
  }

  /** Closes the connection. */
  close(): void {
    this.#db.close(true)
  }
}

/** Opens the checkpointer of a file; see openBeside. */
export function openCheckpointer(path: string): Checkpointer {
  return over(openBeside(path), (db) => new Checkpointer(db))
}
