import { SQLiteError } from 'bun:sqlite'
import { StoreUnavailable } from '../store.ts'

/**
 * Result codes that an operator can mend (https://sqlite.org/rescode.html), with the reason that
 * readiness gives. Extended codes such as SQLITE_IOERR_WRITE belong to their primary code.
 */
const UNAVAILABLE = [
  ['SQLITE_FULL', 'storage full'],
  ['SQLITE_READONLY', 'database not ready'],
  ['SQLITE_IOERR', 'database not ready'],
  ['SQLITE_CANTOPEN', 'database not ready'],
  ['SQLITE_BUSY', 'database not ready'],
  ['SQLITE_LOCKED', 'database not ready'],
  ['SQLITE_CORRUPT', 'database not ready'],
  ['SQLITE_NOTADB', 'database not ready'],
  ['SQLITE_PERM', 'database not ready'],
  ['SQLITE_NOMEM', 'database not ready'],
] as const

/** The error as the store's contract has it: StoreUnavailable where an operator can mend it. */
export function storeFault(error: unknown): Error {
  if (error instanceof SQLiteError) {
    const known = UNAVAILABLE.find(([code]) => error.code?.startsWith(code))
    if (known) return new StoreUnavailable(known[1], error)
  }
  return error instanceof Error ? error : new Error(String(error))
}

/** Does work that speaks the store's errors. */
export function speaking<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw storeFault(error)
  }
}
