import { Database } from 'bun:sqlite'
import { closeSync, existsSync, mkdirSync, openSync, realpathSync } from 'node:fs'
import { dirname } from 'node:path'
import { StartRefused } from '../start_refused.ts'
import { speaking } from './fault.ts'
import { refuseForeignFile, refuseSplit } from './identity.ts'

/** How long a connection waits for another's lock, in milliseconds. Only a checkpoint holds one. */
export const BUSY_MILLISECONDS = 5000

/** Each setting of a reading connection, with its reason. */
const READING = [
  // A read-only file handle could not use a WAL without its shared memory; this is as strict.
  'PRAGMA query_only = ON',
  // 8 MiB for each: the machine's page cache has the rest.
  'PRAGMA cache_size = -8192',
  'PRAGMA temp_store = MEMORY',
]

/** Sets up a connection. */
export const pragma = (db: Database, statements: readonly string[]) => {
  db.run(`PRAGMA busy_timeout = ${BUSY_MILLISECONDS}`)
  for (const statement of statements) db.run(statement)
}

/** The error as one line for the operator, when a database cannot be opened. */
export function refusal(path: string, error: unknown): StartRefused {
  if (error instanceof StartRefused) return error
  const reason = error instanceof Error ? error.message : String(error)
  return new StartRefused(`cannot open ${path}: ${reason}: check the path and its permissions`)
}

/**
 * Makes sure that a database may live at this path: makes the file and the folders above it that
 * are missing, and throws StartRefused where another program's file stands. Returns the file's
 * own name, so that one reached by a symbolic link has one lock and one WAL.
 */
export function prepare(path: string): string {
  try {
    mkdirSync(dirname(path), { recursive: true })
    refuseForeignFile(path)
    if (!existsSync(path)) closeSync(openSync(path, 'a'))
    const name = realpathSync(path)
    refuseSplit(name)
    return name
  } catch (error) {
    throw refusal(path, error)
  }
}

/** Makes an engine over a connection, which is not left open where that fails. */
export function over<E>(db: Database, make: (db: Database) => E): E {
  try {
    return make(db)
  } catch (error) {
    db.close()
    throw error
  }
}

/** Opens another connection on a database that openWriting has made ready. */
export function openBeside(path: string): Database {
  return speaking(() => {
    const db = new Database(path, { readwrite: true, create: false, strict: true })
    pragma(db, [])
    return db
  })
}

/** Opens a connection that can only read, on a database that openWriting has made ready. */
export function openReading(path: string): Database {
  const db = openBeside(path)
  pragma(db, READING)
  return db
}
