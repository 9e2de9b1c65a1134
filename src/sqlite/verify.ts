import { constants, Database } from 'bun:sqlite'
import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { STATS_SENDERS_MAX } from '../busiest.ts'
import type { Finding, Progress } from '../upkeep.ts'
import { mismatchOf } from './arrivals_file.ts'
import { comparePostings } from './comparison.ts'
import { refusal } from './connection.ts'
import { Differences } from './differences.ts'
import { arrivalsPath, refuseDamaged, refuseLostArrivals } from './identity.ts'
import { refuseOtherSchema } from './migrations.ts'
import { meantObjects, objectsOf } from './objects.ts'
import { checkArrivals, checkBuckets, checkDerived, checkNumbers, checkTop } from './recount.ts'
import { fits, searchPath } from './search_file.ts'
import { type Site, Steps, type StepTable } from './steps.ts'
import { faultsOf, walkMessages } from './walk.ts'

/** Faults that SQLite's own check names before it stops. */
const FAULTS_MAX = 100

function checkIntegrity(
  db: Database,
  schema: 'main' | 'arrivals' | 'search',
  differences: Differences,
): void {
  const sql = `PRAGMA ${schema}.integrity_check(${FAULTS_MAX})`
  for (const { integrity_check: fault } of db.query<{ integrity_check: string }, []>(sql).all()) {
    if (fault !== 'ok') differences.add(fault)
  }
}

function integrity({ db }: Site): Finding {
  const differences = new Differences()
  checkIntegrity(db, 'main', differences)
  return differences.finding()
}

/** Compares with a new database: what is missing, what is another, and what is not ours. */
function schema({ db }: Site): Finding {
  const differences = new Differences()
  const [found, meant] = [objectsOf(db), meantObjects()]
  for (const [name, sql] of meant) {
    if (!found.has(name)) differences.add(`${name} is missing`)
    else if (found.get(name) !== sql) differences.add(`${name} is another`)
  }
  for (const name of found.keys()) if (!meant.has(name)) differences.add(`${name} is not ours`)
  const ready = db.query<{ n: number }, []>('SELECT count(*) AS n FROM readiness').get()
  if (ready?.n !== 1) differences.add('the row of readiness is missing')
  return differences.finding()
}

/** The columns that are derived within a row; and that seq counts from 1 without a gap. */
function messages({ db, progress }: Site): Finding {
  const differences = new Differences()
  let expected = 1
  for (const rows of walkMessages(db, progress)) {
    for (const row of rows) {
      if (row.seq > expected) differences.add(`no message has seq ${expected} to ${row.seq - 1}`)
      else if (row.seq < expected) differences.add(`seq ${row.seq} is less than 1`)
      expected = Math.max(expected, row.seq + 1)
      for (const fault of faultsOf(row)) differences.add(fault)
    }
  }
  return differences.finding()
}

/**
 * Where nothing has been written since the last orderly end, the file is all there is, and is
 * read as one that nobody changes: any other connection would make a WAL and leave it behind.
 */
function uriOf(path: string): string {
  const mode = existsSync(`${path}-wal`) ? 'mode=ro' : 'immutable=1'
  return `${pathToFileURL(path).href}?${mode}`
}

function arrivals({ db, path }: Site): Finding {
  const file = arrivalsPath(path)
  refuseLostArrivals(path)
  if (!existsSync(file)) return { ok: true, text: 'ok' }
  db.query('ATTACH ? AS arrivals').run(uriOf(file))
  const mismatch = mismatchOf(db)
  if (mismatch !== undefined) return { ok: false, text: `the file ${mismatch}` }
  const differences = checkArrivals(db)
  checkIntegrity(db, 'arrivals', differences)
  return differences.finding()
}

function search({ db, path, progress }: Site): Finding {
  const none = { ok: true, text: 'ok, none yet' }
  if (!existsSync(searchPath(path))) return none
  db.query('ATTACH ? AS search').run(uriOf(searchPath(path)))
  // It is made in one transaction, so a crash may have left it empty.
  if (db.query('SELECT 1 FROM search.sqlite_schema').get() === null) return none
  if (!fits(db)) return { ok: false, text: 'damaged, or made from another database' }
  const sql = 'SELECT through FROM search.indexed'
  const { through = 0 } = db.query<{ through: number }, []>(sql).get() ?? {}
  const differences = comparePostings(db, through, progress)
  checkIntegrity(db, 'search', differences)
  return differences.finding()
}

/** A check that meets damage on its way says so, and the other ones go on. */
const surviving = (check: (site: Site) => Finding) => (site: Site) => {
  try {
    return check(site)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { ok: false, text: `cannot be read: ${reason}` }
  }
}

/** Every check of `ackbox verify-store`, in its order. */
export const CHECKS: StepTable = {
  integrity: surviving(integrity),
  schema: surviving(schema),
  messages: surviving(messages),
  arrivals: surviving(arrivals),
  senders: surviving((site) => checkNumbers(site, 'senders')),
  recipients: surviving((site) => checkNumbers(site, 'recipients')),
  days: surviving((site) => checkBuckets(site, 'days')),
  hours: surviving((site) => checkBuckets(site, 'hours')),
  top_senders: surviving((site) => checkTop(site, STATS_SENDERS_MAX)),
  derived: surviving(checkDerived),
  search: surviving(search),
}

/** Opens a database only to look at it: not one byte of it changes. Throws StartRefused. */
export function openVerifier(path: string, progress: Progress): Steps {
  let db: Database | undefined
  try {
    db = new Database(uriOf(path), constants.SQLITE_OPEN_READONLY | constants.SQLITE_OPEN_URI)
    refuseDamaged(db, path)
    refuseOtherSchema(db, path)
    return new Steps({ db, path, progress }, CHECKS)
  } catch (error) {
    db?.close()
    throw refusal(path, error)
  }
}
