import { constants, Database } from 'bun:sqlite'
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  statfsSync,
  statSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { StartRefused } from '../start_refused.ts'
import type { Finding } from '../upkeep.ts'
import { BUSY_MILLISECONDS, openBeside, refusal } from './connection.ts'
import { openMigrated } from './database.ts'
import { Derived } from './derived.ts'
import { speaking } from './fault.ts'
import { arrivalsPath, refuseForeignFile, refuseLostArrivals } from './identity.ts'

/** Faults that SQLite's own check names before it stops. */
const FAULTS_MAX = 5

const MEGABYTE = 1_000_000

/** Owner, group and others; a database is no program. */
const PERMISSION_BITS = 0o666

/** What a copy of a database may take: what its files have, the log included. */
export function copyBytesMax(path: string): number {
  const files = [path, arrivalsPath(path)].flatMap((each) => [each, `${each}-wal`])
  const sizes = files.map((each) => statSync(each, { throwIfNoEntry: false })?.size)
  return sizes.reduce((sum: number, size) => sum + (size ?? 0), 0)
}

/** Throws StartRefused where a copy would leave too little free on its disk. */
function refuseTight(path: string, partial: string, freeBytesMin: number): void {
  const { bavail, bsize } = statfsSync(dirname(partial))
  const [free, needed] = [bavail * bsize, copyBytesMax(path) + freeBytesMin]
  if (free >= needed) return
  const [has, wants] = [free, needed].map((bytes) => Math.ceil(bytes / MEGABYTE))
  throw new StartRefused(
    `a copy needs ${wants} MB of free space, and there are ${has}: name a file on another disk`,
  )
}

/**
 * Opens a database that may be served meanwhile. One with a WAL is only read, since the last
 * connection that could write would copy the WAL into it at its end.
 */
function openSource(path: string): Database {
  refuseForeignFile(path)
  if (!existsSync(`${path}-wal`)) return openBeside(path)
  const db = new Database(path, { readonly: true, strict: true })
  db.run(`PRAGMA busy_timeout = ${BUSY_MILLISECONDS}`)
  return db
}

/**
 * Copies the arrivals to those of the copy. Where there are none, or they go meanwhile, the
 * service has stopped in order, and all is in the database.
 */
function copyArrivals(path: string, partial: string): void {
  const arrivals = arrivalsPath(path)
  refuseLostArrivals(path)
  try {
    using db = openSource(arrivals)
    db.query('VACUUM INTO ?').run(arrivalsPath(partial))
  } catch (error) {
    if (existsSync(arrivals)) throw error
  }
}

/**
 * Copies all that is acknowledged by now, settled or not, into new files. The arrivals first: what
 * is settled meanwhile is then in both, as after a crash, and not in neither.
 */
function copyAcknowledged(path: string, db: Database, partial: string): void {
  copyArrivals(path, partial)
  db.query('VACUUM INTO ?').run(partial)
}

function sync(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** The engine of a backup: one connection, on a database that others may write meanwhile. */
export class Backup {
  readonly #path: string
  readonly #db: Database

  constructor(path: string) {
    this.#path = path
    try {
      this.#db = openSource(path)
    } catch (error) {
      throw refusal(path, error)
    }
  }

  /**
   * Copies all that is acknowledged by now into the file `partial`, which is not there yet, and
   * opens the copy once as the service would, so that all of it is settled and counted. Throws
   * StoreUnavailable for a disk that does not take it, and StartRefused where less than
   * `freeBytesMin` would be left on it.
   */
  copy(partial: string, freeBytesMin: number): Finding {
    refuseTight(this.#path, partial, freeBytesMin)
    speaking(() => copyAcknowledged(this.#path, this.#db, partial))
    const copy = openMigrated(partial)
    new Derived(copy).catchUp(() => {})
    const row = copy.query<{ n: number }, []>('SELECT count(*) AS n FROM messages').get()
    copy.close(true)
    return { ok: true, text: `${row?.n} messages` }
  }

  /** Looks at every page of the copy, and at every index with its table. */
  verify(partial: string): Finding {
    const flags = constants.SQLITE_OPEN_READONLY | constants.SQLITE_OPEN_URI
    using copy = new Database(`${pathToFileURL(partial).href}?immutable=1`, flags)
    const faults = copy
      .query<{ integrity_check: string }, []>(`PRAGMA integrity_check(${FAULTS_MAX})`)
      .all()
      .map((row) => row.integrity_check)
    const ok = faults.length === 1 && faults[0] === 'ok'
    return { ok, text: ok ? 'ok' : faults.join('; ').replaceAll('\n', ' ') }
  }

  /**
   * Gives the copy its name once all of it is on disk, so that the name never stands for a part.
   * Throws StartRefused where there is a file of that name by now.
   */
  publish(partial: string, file: string): Finding {
    try {
      chmodSync(partial, statSync(this.#path).mode & PERMISSION_BITS)
      sync(partial)
      linkSync(partial, file)
      sync(dirname(file))
      return { ok: true, text: `${file}, ${statSync(file).size} bytes` }
    } catch (error) {
      throw unwritable(file, error)
    }
  }

  /** Closes the connection. */
  close(): void {
    this.#db.close(true)
  }
}

/** Why a file cannot be made, as one line for the operator. */
export function unwritable(file: string, error: unknown): StartRefused {
  const reason = error instanceof Error ? error.message : String(error)
  return new StartRefused(`cannot make ${file}: ${reason}: name a new file on a local disk`)
}

/** Opens the backup of a file. Throws StartRefused. */
export function openBackup(path: string): Backup {
  return new Backup(path)
}
