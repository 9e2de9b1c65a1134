import { Database, SQLiteError } from 'bun:sqlite'
import { StartRefused } from '../start_refused.ts'
import { refusal } from './connection.ts'

/** How often a lock is tried for again, in milliseconds: what a handover may take beyond need. */
const RETRY_MILLISECONDS = 20

/** How to wait for a lock that another process holds. */
export interface LockWait {
  /** Longest wait; 0 is none. */
  readonly milliseconds: number
  /** Told once, before the first wait. */
  readonly onWait: () => void
  /** Monotonic time in milliseconds. */
  readonly now: () => number
  /** Resolves after so many milliseconds. */
  readonly sleep: (milliseconds: number) => Promise<void>
}

/**
 * Locks a database file for this process alone, until closed or until the process ends in any
 * way: the operating system drops the lock, so none is ever left behind. It is an empty SQLite
 * file beside the database, locked as SQLite locks, since the database itself must stay open to
 * our own reading threads. Returns undefined when another process holds it. Throws StartRefused.
 */
function tryLock(path: string): Database | undefined {
  let lock: Database | undefined
  try {
    lock = new Database(`${path}.lock`)
    // Nothing is ever written, so no journal file need lie beside it.
    lock.run('PRAGMA journal_mode = MEMORY')
    lock.run('BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock?.close()
    if (error instanceof SQLiteError && error.code?.startsWith('SQLITE_BUSY')) return undefined
    throw refusal(path, error)
  }
}

/** Holds a database file, as tryLock does. Throws StartRefused when another process holds it. */
export function holdLock(path: string): Database {
  const lock = tryLock(path)
  if (lock !== undefined) return lock
  throw new StartRefused(
    `${path} is in use by another ackbox process: stop that one, or set another DATABASE_URL`,
  )
}

/**
 * The same, but waits for a process that is about to end. Throws StartRefused when it still holds
 * the file after that time.
 */
export async function awaitLock(path: string, wait: LockWait): Promise<Database> {
  const end = wait.now() + wait.milliseconds
  let lock = tryLock(path)
  if (lock === undefined && wait.milliseconds > 0) wait.onWait()
  while (lock === undefined && wait.now() < end) {
    await wait.sleep(RETRY_MILLISECONDS)
    lock = tryLock(path)
  }
  return lock ?? holdLock(path)
}
