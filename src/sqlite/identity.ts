import type { Database } from 'bun:sqlite'
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { StartRefused } from '../start_refused.ts'

/** The name that SQLite gives a database in memory. */
export const MEMORY = ':memory:'

/** Where the arrivals of a database are: see arrivals_file.ts. */
export const arrivalsPath = (path: string) => (path === MEMORY ? MEMORY : `${path}.arrivals`)

/** "ackb" in ASCII; SQLite keeps it in the file's header for programs to know their own files. */
export const APPLICATION_ID = 0x61636b62

/** Bytes of the header (https://sqlite.org/fileformat.html, section 1.3). */
const HEADER_BYTES = 100
const MAGIC = 'SQLite format 3\0'
const APPLICATION_ID_OFFSET = 68

/**
 * Before 3.51.3 two connections of one process could corrupt a database in WAL mode
 * (https://sqlite.org/wal.html, "the WAL-reset bug").
 */
const SQLITE_VERSION_MIN = '3.51.3'

/** A database up to this size is checked whole at the start; more would delay readiness. */
const CHECKED_BYTES_MAX = 16 * 1024 * 1024

/** Throws StartRefused when the SQLite at hand is older than the oldest we trust. */
export function refuseOldSqlite(version: string): void {
  if (Bun.semver.order(version, SQLITE_VERSION_MIN) < 0) {
    throw new StartRefused(
      `SQLite ${version} is older than ${SQLITE_VERSION_MIN}: run ackbox on a newer Bun`,
    )
  }
}

function readHeader(path: string): Buffer {
  const file = openSync(path, 'r')
  try {
    const header = Buffer.alloc(HEADER_BYTES)
    return header.subarray(0, readSync(file, header, 0, HEADER_BYTES, 0))
  } finally {
    closeSync(file)
  }
}

/**
 * Looks at the file's first bytes without opening it as a database, so that what is not ours
 * stays untouched. A missing or empty file is fine: it will become ours. Throws StartRefused.
 */
export function refuseForeignFile(path: string): void {
  if (!existsSync(path)) return
  if (!statSync(path).isFile()) throw new StartRefused(`${path} is not a file`)
  const header = readHeader(path)
  if (header.length === 0) return
  if (header.length < HEADER_BYTES || header.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw new StartRefused(`${path} is not an SQLite database: it is left as it was`)
  }
  if (header.readUInt32BE(APPLICATION_ID_OFFSET) !== APPLICATION_ID) {
    throw new StartRefused(`${path} belongs to another program: it is left as it was`)
  }
}

const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0

/**
 * Throws StartRefused where a file is missing or empty and one that goes with it is not: that one
 * holds messages that were acknowledged, and SQLite would throw a WAL away.
 */
function refuseLost(path: string, others: readonly string[]): void {
  if (sizeOf(path) > 0) return
  const left = others.find((other) => sizeOf(other) > 0)
  if (left === undefined) return
  throw new StartRefused(`${left} has lost its database: put ${path} back beside it`)
}

/** Throws StartRefused where a log of arrivals has lost its file. */
export function refuseLostArrivals(path: string): void {
  const arrivals = arrivalsPath(path)
  refuseLost(arrivals, [`${arrivals}-wal`])
}

/**
 * Throws StartRefused where a file's name does not stand for all of a database, or the arrivals
 * beside it are not whole. A second name, a hard link, would have a lock and a WAL of its own.
 */
export function refuseSplit(path: string): void {
  if (statSync(path).nlink > 1) {
    throw new StartRefused(`${path} has a second name, a hard link: remove one of the two`)
  }
  refuseLost(path, [`${path}-wal`, arrivalsPath(path)])
  refuseLostArrivals(path)
}

/**
 * Throws StartRefused for an open database that is shorter than its page count or, where it is
 * small enough to look at whole, fails SQLite's quick_check. A larger one that is damaged inside
 * answers `database not ready` when a query meets the damage.
 */
export function refuseDamaged(db: Database, path: string): void {
  const refused = () =>
    new StartRefused(`${path} is damaged: it is left as it was; restore it from a backup`)
  // The first question to a database in WAL mode makes an empty WAL, so look before it.
  const hasWal = existsSync(`${path}-wal`)
  let verdict: unknown
  try {
    const pages = db.query<{ page_count: number }, []>('PRAGMA page_count').get()?.page_count ?? 0
    const size = db.query<{ page_size: number }, []>('PRAGMA page_size').get()?.page_size ?? 0
    const cut = !hasWal && statSync(path).size < pages * size
    const whole = pages * size <= CHECKED_BYTES_MAX
    verdict = cut
      ? 'cut'
      : whole
        ? db.query<{ quick_check: string }, []>('PRAGMA quick_check(1)').get()?.quick_check
        : 'ok'
  } catch {
    throw refused()
  }
  if (verdict !== 'ok') throw refused()
}
