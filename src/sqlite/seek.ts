import type { Database } from 'bun:sqlite'
import type { ListQuery } from '../query.ts'
import { type Bucket, bucketOf, startOf } from './bucket.ts'
import { countAll, countBefore, filtersOnly } from './count.ts'

/** What to walk instead of a query's own window: its near edge and the rows to pass over there. */
interface Window {
  readonly since?: bigint
  readonly until?: bigint
  readonly offset: bigint
}

/** Earlier and later than the number of every bucket. */
const EDGE = 2n ** 40n

/** Passes over whole buckets from `first` on; returns the one the row is in and what is left. */
function skip(db: Database, bucket: Bucket, first: bigint, descending: boolean, rows: bigint) {
  const buckets = db.query<{ start: number; count: number }, [bigint]>(
    `SELECT start, count FROM ${bucket} WHERE start ${descending ? '<=' : '>='} ?
     ORDER BY start ${descending ? 'DESC' : 'ASC'}`,
  )
  let left = rows
  for (const { start, count } of buckets.iterate(first)) {
    if (left < BigInt(count)) return { number: BigInt(start), left }
    left -= BigInt(count)
  }
  throw new Error('the counts per hour hold fewer rows than there are')
}

/** Rows that come before the query's window in its own order. */
function rowsOutside(db: Database, { descending, since, until }: ListQuery): bigint {
  if (descending) {
    return until === undefined ? 0n : BigInt(countAll(db) - countBefore(db, until))
  }
  return since === undefined ? 0n : BigInt(countBefore(db, since))
}

/**
 * Finds the row at a query's offset without walking to it: whole days are passed over by their
 * counts, then whole hours of one day, and only the rest within an hour is walked. The offset
 * must be less than the query's total. Queries that filter by more than time walk their rows.
 */
export function seek(db: Database, query: ListQuery): Window {
  const { offset, descending = false, after } = query
  const byTime = filtersOnly(query, ['since', 'until']) && after === undefined
  if (offset === 0n || !byTime) return { offset }
  const rows = offset + rowsOutside(db, query)
  const day = skip(db, 'days', descending ? EDGE : -EDGE, descending, rows)
  const dayEdge = startOf(descending ? day.number + 1n : day.number, 'days')
  const firstHour = bucketOf(descending ? dayEdge - 1n : dayEdge, 'hours')
  const hour = skip(db, 'hours', firstHour, descending, day.left)
  return descending
    ? { until: startOf(hour.number + 1n, 'hours'), offset: hour.left }
    : { since: startOf(hour.number, 'hours'), offset: hour.left }
}
