import type { Database } from 'bun:sqlite'
import type { Finding } from '../upkeep.ts'
import { type Bucket, bucketOf, startOf } from './bucket.ts'
import { Differences } from './differences.ts'
import type { Site } from './steps.ts'

type Key = string | number
type Count = { readonly key: Key; readonly count: number }

/** Messages between two words on progress. */
const PROGRESS_MESSAGES = 50_000

/** The least instant that a database can hold. */
const BEGINNING = -(2n ** 63n)

/** Compares two ordered lists row by row, so that neither is ever in memory. */
function compare(recounted: Iterator<Count>, stored: Iterator<Count>): Differences {
  const differences = new Differences()
  let [is, found] = [recounted.next(), stored.next()]
  while (!is.done || !found.done) {
    const missing = !is.done && (found.done || is.value.key < found.value.key)
    const same = !is.done && !found.done && is.value.key === found.value.key
    if (missing) differences.add(`${is.value.key} is missing, recounted ${is.value.count}`)
    else if (!same) differences.add(`${found.value.key} has ${found.value.count}, recounted 0`)
    else if (is.value.count !== found.value.count) {
      differences.add(`${is.value.key} has ${found.value.count}, recounted ${is.value.count}`)
    }
    if (missing || same) is = recounted.next()
    if (!missing) found = stored.next()
  }
  return differences
}

function total(db: Database): number {
  return db.query<{ n: number | null }, []>('SELECT max(seq) AS n FROM messages').get()?.n ?? 0
}

/** Passes counts on and tells how many messages they make so far. */
function* told(counts: Iterable<Count>, { db, progress }: Site): Generator<Count> {
  const all = total(db)
  let done = 0
  let next = PROGRESS_MESSAGES
  for (const each of counts) {
    yield each
    done += each.count
    if (done < next) continue
    progress(done, all)
    next = done + PROGRESS_MESSAGES
  }
}

/** Counts by an index that begins with the column, in its order; integrity_check proves it. */
function countByNumber(db: Database, column: 'sender' | 'recipient'): Iterable<Count> {
  const sql = `SELECT ${column} AS key, count(*) AS count FROM messages GROUP BY ${column}`
  return db.query<{ key: string; count: number }, []>(sql).iterate()
}

/** Counts by the time index, leaping from one day or hour that has a message to the next. */
function* countByTime(db: Database, bucket: Bucket): Generator<Count> {
  const next = db.query<{ instant: string }, [bigint]>(
    `SELECT CAST(instant AS TEXT) AS instant FROM messages WHERE instant >= ?
     ORDER BY messages.instant LIMIT 1`,
  )
  const count = db.query<{ n: number }, [bigint, bigint]>(
    'SELECT count(*) AS n FROM messages WHERE instant >= ? AND instant < ?',
  )
  let row = next.get(BEGINNING)
  while (row !== null) {
    const number = bucketOf(BigInt(row.instant), bucket)
    const [start, end] = [startOf(number, bucket), startOf(number + 1n, bucket)]
    yield { key: Number(number), count: count.get(start, end)?.n ?? 0 }
    row = next.get(end)
  }
}

function stored(db: Database, table: string, key: string): Iterator<Count> {
  const sql = `SELECT ${key} AS key, count FROM ${table} ORDER BY ${key}`
  return db.query<{ key: Key; count: number }, []>(sql).iterate()
}

/** Compares the table of senders or of recipients with the messages. */
export function checkNumbers(site: Site, table: 'senders' | 'recipients'): Finding {
  const { db } = site
  const recounted = countByNumber(db, table === 'senders' ? 'sender' : 'recipient')
  return compare(told(recounted, site), stored(db, table, 'number')).finding()
}

/** Compares the table of days or of hours with the messages. */
export function checkBuckets(site: Site, bucket: Bucket): Finding {
  const { db } = site
  return compare(told(countByTime(db, bucket), site), stored(db, bucket, 'start')).finding()
}

/** Compares the busiest senders with the messages. */
export function checkTop({ db }: Site, sendersMax: number): Finding {
  const sql = `SELECT * FROM (
      SELECT sender AS key, count(*) AS count FROM messages GROUP BY sender
      ORDER BY count DESC, key LIMIT ${sendersMax}
    ) ORDER BY key`
  const recounted = db.query<{ key: string; count: number }, []>(sql).iterate()
  return compare(recounted, stored(db, 'top_senders', 'number')).finding()
}

/** Compares the row on the counts as a whole with the messages. */
export function checkDerived({ db }: Site): Finding {
  const differences = new Differences()
  const row = db
    .query<{ through: number; senders: number }, []>('SELECT through, senders FROM derived')
    .get()
  const { n: senders = 0 } =
    db
      .query<{ n: number }, []>(
        'SELECT count(*) AS n FROM (SELECT 1 FROM messages GROUP BY sender)',
      )
      .get() ?? {}
  if (row === null) differences.add('its row is missing')
  else {
    if (row.through !== total(db)) {
      differences.add(`counted through seq ${row.through}, the last is ${total(db)}`)
    }
    if (row.senders !== senders) {
      differences.add(`${row.senders} senders, recounted ${senders}`)
    }
  }
  return differences.finding()
}

/**
 * Looks at what is acknowledged and not yet settled: its seq goes on where that of the messages
 * ends, and none of its ids is there twice. What is settled may still lie there.
 */
export function checkArrivals(db: Database): Differences {
  const differences = new Differences()
  const settled = total(db)
  let expected = settled + 1
  const stored = db.query('SELECT 1 FROM main.messages WHERE message_id = ?')
  const arrived = new Set<string>()
  const commits = db.query<{ seq: number; messages: string }, [number]>(
    'SELECT seq, messages FROM arrivals.commits WHERE seq > ? ORDER BY seq',
  )
  for (const { seq: last, messages } of commits.iterate(settled)) {
    const ids = JSON.parse(messages).map((each: { message_id: string }) => each.message_id)
    const first = last - ids.length + 1
    if (first !== expected) differences.add(`seq ${first} is where ${expected} should be`)
    for (const [index, id] of ids.entries()) {
      if (arrived.has(id) || stored.get(id) !== null) {
        differences.add(`the id of seq ${first + index} is there before`)
      }
      arrived.add(id)
    }
    expected = last + 1
  }
  return differences
}
