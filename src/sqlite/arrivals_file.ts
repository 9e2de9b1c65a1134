import type { Database } from 'bun:sqlite'
import { existsSync, rmSync } from 'node:fs'
import { StartRefused } from '../start_refused.ts'
import { openBeside, over } from './connection.ts'
import { APPLICATION_ID, arrivalsPath, MEMORY, refuseForeignFile } from './identity.ts'
import { moveArrivals, type Settled, settledOf } from './move.ts'
import schema from './schema/arrivals.sql' with { type: 'text' }

/** Number of the file's form, which the file keeps as its `user_version`. */
const FORM = 2

const formOf = (db: Database) =>
  db.query<{ user_version: number }, []>('PRAGMA arrivals.user_version').get()?.user_version ?? 0

/** Each setting for the file, with its reason. */
const SETTINGS = [
  // A commit appends to one file, and who settles reads meanwhile.
  'PRAGMA arrivals.journal_mode = WAL',
  // Every commit is synced before it returns: the promise itself.
  'PRAGMA arrivals.synchronous = FULL',
]

const attach = (db: Database, path: string) =>
  db.query('ATTACH ? AS arrivals').run(arrivalsPath(path))

const tune = (db: Database) => {
  for (const setting of SETTINGS) db.run(setting)
}

/** Attaches the arrivals of a database as the schema `arrivals`. */
function attachArrivals(db: Database, path: string): void {
  attach(db, path)
  tune(db)
}

/** Makes the arrivals of a database, which has none, and attaches them. */
export function createArrivals(db: Database, path: string): void {
  attach(db, path)
  db.transaction(() => {
    // With the first write, so that no half-made file is taken as foreign.
    db.run(`PRAGMA arrivals.application_id = ${APPLICATION_ID}`)
    db.run(schema)
    db.run(`PRAGMA arrivals.user_version = ${FORM}`)
  })()
  tune(db)
}

/** Why the attached arrivals do not go with their database, in words to follow their name. */
export function mismatchOf(db: Database): string | undefined {
  if (formOf(db) !== FORM) return 'is of another release: start that one, and stop it in order'
  const sql = `SELECT owner.store = settled.store AS isOwn, owner.seq, owner.change
    FROM arrivals.owner, main.settled`
  const owner = db.query<Settled & { isOwn: number }, []>(sql).get()
  if (owner?.isOwn !== 1) return 'belongs to another database: put each beside its own'
  const settled = settledOf(db)
  if (owner.seq <= settled.seq && owner.change <= settled.change) return undefined
  return 'is newer than its database: put back the one that was beside it'
}

/** Moves what a crash left; throws StartRefused where it cannot be read. */
function settleLeft(db: Database, file: string): void {
  try {
    db.transaction(moveArrivals)(db)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new StartRefused(`${file} is damaged: it is left as it was; restore it from a backup`)
  }
}

/**
 * Settles the arrivals that a crash left, and removes their file: the database is then all there
 * is. Throws StartRefused, with the file left as it was, where it is not this database's.
 */
export function settleLeftArrivals(db: Database, path: string): void {
  const file = arrivalsPath(path)
  if (path === MEMORY || !existsSync(file)) return
  refuseForeignFile(file)
  attachArrivals(db, path)
  // Without a form it was never begun: it is made in one transaction.
  if (formOf(db) > 0) {
    const mismatch = mismatchOf(db)
    if (mismatch !== undefined) throw new StartRefused(`${file} ${mismatch}`)
    settleLeft(db, file)
  }
  db.run('DETACH arrivals')
  removeArrivals(path)
}

/** Removes the file of arrivals that are settled and no longer open. */
export function removeArrivals(path: string): void {
  if (path === MEMORY) return
  // The log first: without it the file would be an older state of itself.
  for (const suffix of ['-wal', '-shm', '']) rmSync(arrivalsPath(path) + suffix, { force: true })
}

/** Opens the connection that appends arrivals, on a database that openWriting has made ready. */
export function openAppending(path: string): Database {
  return over(openBeside(path), (db) => {
    // 4 MiB, in KiB: the upper levels of the index in which each new id is looked up.
    db.run('PRAGMA cache_size = -4096')
    attachArrivals(db, path)
    return db
  })
}
