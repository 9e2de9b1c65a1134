import { Database, SQLiteError } from 'bun:sqlite'
import { StartRefused } from '../start_refused.ts'
import { refusal } from './database.ts'

/**
 * Holds a database file for this process alone, until closed or until the process ends in any
 * way: the operating system drops the lock, so none is ever left behind. It is an empty SQLite
 * file beside the database, locked as SQLite locks, since the database itself must stay open to
 * our own reading threads. Throws StartRefused when another process holds it.
 */
export function holdLock(path: string): Database {
  let lock: Database | undefined
  try {
    lock = new Database(`${path}.lock`)
    // Nothing is ever written, so no journal file need lie beside it.
    lock.run('PRAGMA journal_mode = MEMORY')
    lock.run('BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock?.close()
    if (error instanceof SQLiteError && error.code?.startsWith('SQLITE_BUSY')) {
      throw new StartRefused(
        `${path} is in use by another ackbox process: stop that one, or set another DATABASE_URL`,
      )
    }
    throw refusal(path, error)
  }
}
