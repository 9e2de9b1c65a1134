import type { Database } from 'bun:sqlite'
import type { ListQuery } from '../query.ts'
import { type Bucket, bucketOf, startOf } from './bucket.ts'
import { countAll, countBefore, countRows, filtersOnly } from './count.ts'
import { instantAt } from './windows.ts'

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

/** Whole days are passed over by their counts, then whole hours of one day. */
function seekByTime(db: Database, query: ListQuery): Window {
  const { offset, descending = false } = query
  const rows = offset + rowsOutside(db, query)
  const day = skip(db, 'days', descending ? EDGE : -EDGE, descending, rows)
  const dayEdge = startOf(descending ? day.number + 1n : day.number, 'days')
  const firstHour = bucketOf(descending ? dayEdge - 1n : dayEdge, 'hours')
  const hour = skip(db, 'hours', firstHour, descending, day.left)
  return descending
    ? { until: startOf(hour.number + 1n, 'hours'), offset: hour.left }
    : { since: startOf(hour.number, 'hours'), offset: hour.left }
}

/** The rows before the offset are walked in the party's index, and none of them is fetched. */
function seekByParty(db: Database, query: ListQuery): Window {
  const { offset, descending } = query
  const edge = instantAt(db, query, Number(offset))
  if (edge === undefined) return { offset }
  const near = descending ? { since: edge + 1n } : { until: edge }
  const left = offset - BigInt(countRows(db, { ...query, ...near }))
  return descending ? { until: edge + 1n, offset: left } : { since: edge, offset: left }
}

/**
 * Finds the row at a query's offset without walking to it, or by walking an index alone: only the
 * rest within an hour, or within an instant of one party, is fetched. The offset must be less
 * than the query's total. Queries that filter by more than that walk their rows.
 */
export function seek(db: Database, query: ListQuery): Window {
  const { offset, after } = query
  if (offset === 0n || after !== undefined) return { offset }
  if (filtersOnly(query, ['since', 'until'])) return seekByTime(db, query)
  const byParty =
    filtersOnly(query, ['from', 'since', 'until']) || filtersOnly(query, ['to', 'since', 'until'])
  return byParty ? seekByParty(db, query) : { offset }
}
