import { Database } from 'bun:sqlite'
import { rmSync } from 'node:fs'
import { PAGE_BYTES } from './blocks.ts'
import { readBoot } from './boot.ts'
import { openBeside, openReading } from './connection.ts'
import { storeFault } from './fault.ts'
import schema from './schema/search.sql' with { type: 'text' }

/** Where the search index of a database is. */
export const searchPath = (path: string) => `${path}.search`

/** Number of the index's form; a file of another form is made anew. */
const FORM = 2

/** The mark where the system does not tell one start of the machine from another. */
const UNKNOWN = 'unknown'

/** Each setting of the indexing connection for the search file, with its reason. */
const SETTINGS = [
  'PRAGMA search.journal_mode = WAL',
  // It is written from one end to the other, and hardly read again.
  'PRAGMA search.cache_size = -2048',
]

/** Makes an empty search index in the place of whatever is there. */
export function createSearch(path: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(searchPath(path) + suffix, { force: true })
  const db = new Database(searchPath(path), { create: true, readwrite: true })
  db.run(`PRAGMA page_size = ${PAGE_BYTES}`)
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

/**
 * Whether everything that was written is there. Nothing is synced while the file is open, so
 * after a start of the machine, a power cut perhaps, a file that was not closed in order may be
 * damaged anywhere. After the end of the process alone it is whole.
 */
function isWhole(db: Database, boot: string | null): boolean {
  const row = db.query<{ boot: string | null }, []>('SELECT boot FROM search.indexed').get()
  return row !== null && (row.boot === null || row.boot === boot)
}

function tryOpen(path: string, boot: string | null): Database | undefined {
  const db = openBeside(path)
  try {
    attachSearch(db, path)
    if (fits(db) && isWhole(db, boot)) return db
  } catch {
    // Whatever is wrong with it, the index is made anew.
  }
  db.close(true)
  return undefined
}

/** Puts a mark, or takes it away, and has the disk hold all that was written before, too. */
function mark(db: Database, boot: string | null): void {
  db.run('PRAGMA search.synchronous = FULL')
  // The sync of a checkpoint is that of the whole file, whoever wrote to it.
  if (boot === null) db.run('PRAGMA search.wal_checkpoint(TRUNCATE)')
  db.query('UPDATE search.indexed SET boot = ?').run(boot)
  db.run('PRAGMA search.wal_checkpoint(TRUNCATE)')
}

/**
 * Opens the indexing connection of a database that openWriting has made ready. An index that is
 * missing, damaged, of another form or of another database is made anew, empty: it loses
 * nothing, and fills up again while the service runs. While it is open no write to it is synced,
 * so that the disk is there for the commits that senders wait for.
 */
export function openIndexing(path: string, boot = readBoot()): Database {
  let db = tryOpen(path, boot)
  if (db === undefined) {
    createSearch(path)
    db = openBeside(path)
    attachSearch(db, path)
  }
  for (const setting of SETTINGS) db.run(setting)
  mark(db, boot ?? UNKNOWN)
  db.run('PRAGMA search.synchronous = OFF')
  return db
}

/** Closes a connection of openIndexing, so that the file is believed at any later start. */
export function closeSearch(db: Database): void {
  try {
    mark(db, null)
  } finally {
    db.close(true)
  }
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
