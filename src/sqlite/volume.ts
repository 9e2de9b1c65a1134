import type { Database } from 'bun:sqlite'
import { BUCKET_MICROSECONDS, bucketWindow, type VolumeCount, type VolumeQuery } from '../volume.ts'
import type { Budget } from './budget.ts'

/** Buckets that are counted between two looks at the budget. */
const SLICE_BUCKETS = 50n

/** The buckets whose counts are kept, and by which table. */
const KEPT = { minute: undefined, hour: 'hours', day: 'days' } as const

function latestOf(db: Database, from: string | undefined): bigint | undefined {
  const where = from === undefined ? '' : 'WHERE sender = ?'
  // As text, since a number of JavaScript would round it.
  const sql = `SELECT CAST(max(instant) AS TEXT) AS latest FROM messages ${where}`
  const bindings = from === undefined ? [] : [from]
  const latest = db.query<{ latest: string | null }, string[]>(sql).get(...bindings)?.latest
  return latest == null ? undefined : BigInt(latest)
}

/** Counts the messages of a run of buckets by walking them in the order of their instants. */
function walk(db: Database, query: VolumeQuery, first: bigint, end: bigint): VolumeCount[] {
  const width = BUCKET_MICROSECONDS[query.bucket]
  // Division cuts towards zero; inside a run all is as far from zero as its first bucket.
  const sql = `SELECT (instant - ?1) / ?2 AS step, count(*) AS count FROM messages
    WHERE instant >= ?1 AND instant < ?3 ${query.from === undefined ? '' : 'AND sender = ?4'}
    GROUP BY step ORDER BY step`
  const bindings = [first * width, width, end * width]
  const party = query.from === undefined ? [] : [query.from]
  return db
    .query<{ step: number; count: number }, (bigint | string)[]>(sql)
    .all(...bindings, ...party)
    .map(({ step, count }) => ({ number: Number(first) + step, count }))
}

/** See Store.volume: from the counts that are kept, or by walking. Throws QueryStopped. */
export function countVolume(db: Database, query: VolumeQuery, budget: Budget): VolumeCount[] {
  const open = query.since === undefined && query.until === undefined
  const { first, end } = bucketWindow(query, open ? latestOf(db, query.from) : undefined)
  const kept = query.from === undefined ? KEPT[query.bucket] : undefined
  if (kept !== undefined) {
    const sql = `SELECT start AS number, count FROM ${kept}
      WHERE start >= ? AND start < ? ORDER BY start`
    return db.query<VolumeCount, [bigint, bigint]>(sql).all(first, end)
  }
  const counts: VolumeCount[] = []
  for (let from = first; from < end; from += SLICE_BUCKETS) {
    budget.check()
    const to = from + SLICE_BUCKETS
    counts.push(...walk(db, query, from, to < end ? to : end))
  }
  return counts
}
