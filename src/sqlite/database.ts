import { Database } from 'bun:sqlite'
import { existsSync } from 'node:fs'
import type { Progress } from '../upkeep.ts'
import { createArrivals, settleLeftArrivals } from './arrivals_file.ts'
import { pragma, refusal } from './connection.ts'
import { Derived } from './derived.ts'
import { APPLICATION_ID, MEMORY, refuseDamaged, refuseOldSqlite } from './identity.ts'
import { migrate } from './migrations.ts'

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
    // From here on checkpoints are started between moves, never inside one that a reader waits for.
    db.run('PRAGMA wal_autocheckpoint = 0')
    return db
  } catch (error) {
    db.close()
    throw refusal(path, error)
  }
}
