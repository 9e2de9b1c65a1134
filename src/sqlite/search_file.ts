import { Database } from 'bun:sqlite'
import { rmSync } from 'node:fs'
import { openBeside, openReading } from './database.ts'
import { storeFault } from './fault.ts'
import schema from './schema/search.sql' with { type: 'text' }

/** Where the search index of a database is. */
export const searchPath = (path: string) => `${path}.search`

/** Number of the index's form; a file of another form is made anew. */
const FORM = 1

/** Each setting of the indexing connection for the search file, with its reason. */
const SETTINGS = [
  'PRAGMA search.journal_mode = WAL',
  // The index can be made again, so a commit need not wait for the disk; WAL keeps it whole.
  'PRAGMA search.synchronous = NORMAL',
  'PRAGMA search.cache_size = -8192',
]

/** Makes an empty search index in the place of whatever is there. */
export function createSearch(path: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(searchPath(path) + suffix, { force: true })
  const db = new Database(searchPath(path), { create: true, readwrite: true })
  db.transaction(() => {
    db.run(schema)
    db.run(`PRAGMA user_version = ${FORM}`)
  }).immediate()
  db.close(true)
}

/** Attaches the search index, so that it can be asked together with the messages. */
function attachSearch(db: Database, path: string): void {
  db.query('ATTACH ? AS search').run(searchPath(path))
}

/** Whether the attached index is whole, of our form, and made from these very messages. */
export function fits(db: Database): boolean {
  const form = db.query<{ user_version: number }, []>('PRAGMA search.user_version').get()
  if (form?.user_version !== FORM) return false
  const row = db
    .query<{ same: number }, []>(
      `SELECT through = 0 OR EXISTS (
         SELECT 1 FROM messages m WHERE m.seq = i.through AND m.message_id = i.message_id
       ) AS same FROM search.indexed i`,
    )
    .get()
  return row?.same === 1
}

function tryOpen(path: string): Database | undefined {
  const db = openBeside(path)
  try {
    attachSearch(db, path)
    if (fits(db)) return db
  } catch {
    // Whatever is wrong with it, the index is made anew.
  }
  db.close(true)
  return undefined
}

/**
 * Opens the indexing connection of a database that openWriting has made ready. An index that is
 * missing, damaged, of another form or of another database is made anew, empty: it loses
 * nothing, and fills up again while the service runs.
 */
export function openIndexing(path: string): Database {
  let db = tryOpen(path)
  if (db === undefined) {
    createSearch(path)
    db = openBeside(path)
    attachSearch(db, path)
  }
  for (const setting of SETTINGS) db.run(setting)
  return db
}

/** Opens a connection to search by, on a database that openIndexing has made ready. */
export function openSearching(path: string): Database {
  const db = openReading(path)
  try {
    attachSearch(db, path)
    return db
  } catch (error) {
    db.close()
    throw storeFault(error)
  }
}
