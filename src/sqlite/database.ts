import { Database } from 'bun:sqlite'
import { closeSync, existsSync, mkdirSync, openSync, realpathSync } from 'node:fs'
import { dirname } from 'node:path'
import { StartRefused } from '../start_refused.ts'
import type { Progress } from '../upkeep.ts'
import { attachArrivals, createArrivals, settleLeftArrivals } from './arrivals_file.ts'
import { Derived } from './derived.ts'
import { storeFault } from './fault.ts'
import {
  APPLICATION_ID,
  MEMORY,
  refuseDamaged,
  refuseForeignFile,
  refuseOldSqlite,
  refuseSplit,
} from './identity.ts'
import { migrate } from './migrations.ts'

/** How long a connection waits for another's lock, in milliseconds. Only a checkpoint holds one. */
export const BUSY_MILLISECONDS = 5000

/** Each setting of the writing connection, with its reason. */
const WRITING = [
  // Readers never wait for the writer, and a commit appends to one file.
  'PRAGMA journal_mode = WAL',
  // Every commit is synced before it returns: the promise itself.
  'PRAGMA synchronous = FULL',
  // 64 MiB of pages: while the file is made ready in many commits, its log stays short.
  'PRAGMA wal_autocheckpoint = 16384',
  // 8 MiB, in KiB: the machine's page cache has the rest. With more, ten million messages take no
  // fewer microseconds each.
  'PRAGMA cache_size = -8192',
  'PRAGMA foreign_keys = ON',
  // Small sorts stay in memory: the container's root file system is read-only.
  'PRAGMA temp_store = MEMORY',
]

/** Each setting of a reading connection, with its reason. */
const READING = [
  // A read-only file handle could not use a WAL without its shared memory; this is as strict.
  'PRAGMA query_only = ON',
  // 8 MiB for each: the machine's page cache has the rest.
  'PRAGMA cache_size = -8192',
  'PRAGMA temp_store = MEMORY',
]

const pragma = (db: Database, statements: readonly string[]) => {
  db.run(`PRAGMA busy_timeout = ${BUSY_MILLISECONDS}`)
  for (const statement of statements) db.run(statement)
}

/** Asked of a database in memory, since a damaged file may answer no question at all. */
function sqliteVersion(): string {
  using db = new Database(MEMORY)
  return (
    db.query<{ version: string }, []>('SELECT sqlite_version() AS version').get()?.version ?? ''
  )
}

/** Makes a new file ours with its first write, so that no half-made one is taken as foreign. */
function claim(db: Database): void {
  const { application_id } = db
    .query<{ application_id: number }, []>('PRAGMA application_id')
    .get() ?? { application_id: 0 }
  if (application_id !== APPLICATION_ID) db.run(`PRAGMA application_id = ${APPLICATION_ID}`)
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

/**
 * Throws StartRefused for a damaged file. One that was not closed in order is looked at through
 * a connection that cannot write: another would copy the WAL into the damaged file at its end.
 */
function checkWhole(writing: Database, path: string): void {
  const unclosed = existsSync(`${path}-wal`)
  const db = unclosed ? new Database(path, { readonly: true, strict: true }) : writing
  try {
    refuseDamaged(db, path)
  } finally {
    if (unclosed) db.close()
  }
}

/**
 * Opens a writing connection: checks that the file is whole, applies the missing steps of the
 * schema, settles what a crash left among the arrivals, and leaves the counts as they are. Throws
 * StartRefused with the file left as it was.
 */
export function openMigrated(path: string): Database {
  let db: Database | undefined
  try {
    refuseOldSqlite(sqliteVersion())
    db = new Database(path, { create: true, readwrite: true, strict: true })
    if (path !== MEMORY) checkWhole(db, path)
    claim(db)
    pragma(db, WRITING)
    migrate(db, path)
    settleLeftArrivals(db, path)
    return db
  } catch (error) {
    db?.close()
    throw refusal(path, error)
  }
}

/**
 * Opens the one writing connection of a store, and counts what is not counted yet, which a
 * long-kept database makes a matter of minutes once: `progress` is told. Throws StartRefused.
 */
export function openWriting(path: string, progress: Progress = () => {}): Database {
  const db = openMigrated(path)
  try {
    new Derived(db).catchUp(progress)
    createArrivals(db, path)
    // From here on checkpoints are started between batches, never inside a commit that a sender
    // waits for.
    db.run('PRAGMA wal_autocheckpoint = 0')
    return db
  } catch (error) {
    db.close()
    throw refusal(path, error)
  }
}

/** Opens another connection on a database that openWriting has made ready. */
export function openBeside(path: string): Database {
  try {
    const db = new Database(path, { readwrite: true, create: false, strict: true })
    pragma(db, [])
    return db
  } catch (error) {
    throw storeFault(error)
  }
}

/** Opens the connection that appends arrivals, on a database that openWriting has made ready. */
export function openAppending(path: string): Database {
  const db = openBeside(path)
  // 4 MiB, in KiB: the upper levels of the index in which each new id is looked up.
  db.run('PRAGMA cache_size = -4096')
  attachArrivals(db, path)
  return db
}

/** Opens a connection that can only read, on a database that openWriting has made ready. */
export function openReading(path: string): Database {
  const db = openBeside(path)
  pragma(db, READING)
  return db
}
