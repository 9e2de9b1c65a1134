import type { Database, SQLQueryBindings } from 'bun:sqlite'
import { filters, indexed, type LedQuery } from './where.ts'

/** The later of two bounds, or the earlier of them; one that is undefined bounds nothing. */
const later = (a: bigint | undefined, b: bigint | undefined) =>
  a === undefined || (b !== undefined && b > a) ? b : a
const earlier = (a: bigint | undefined, b: bigint | undefined) =>
  a === undefined || (b !== undefined && b < a) ? b : a

/** A query whose window is no longer than these bounds. */
function within(query: LedQuery, from: bigint | undefined, to: bigint | undefined): LedQuery {
  const since = later(query.since, from)
  const until = earlier(query.until, to)
  return {
    ...query,
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  }
}

/** A query whose window begins where its cursor is; rows of the cursor's instant are in it. */
function fromCursor(query: LedQuery): LedQuery {
  const { after, descending } = query
  if (after === undefined) return query
  return descending
    ? within(query, undefined, after.instant + 1n)
    : within(query, after.instant, undefined)
}

/**
 * The instant of the row that comes so many rows after the first one of a query's window, in its
 * order and by an index alone: one party and the time are looked at, nothing else. Undefined when
 * the window has no more rows than that.
 */
export function instantAt(db: Database, query: LedQuery, rows: number): bigint | undefined {
  const where = filters(indexed(fromCursor(query)))
  const sql = `
    SELECT CAST(instant AS TEXT) AS edge FROM messages ${where.clause}
    ORDER BY instant ${query.descending ? 'DESC' : 'ASC'} LIMIT 1 OFFSET ?`
  // Not named instant: ORDER BY would take that for the text, and sort all rows.
  const row = db.query<{ edge: string }, SQLQueryBindings[]>(sql).get(...where.bindings, rows)
  return row === null ? undefined : BigInt(row.edge)
}

/**
 * Cuts a query's window into parts of about so many rows, in its order, so that whoever walks them
 * can stop between two. A part is longer where many rows share an instant.
 */
export function* windowsOf(db: Database, query: LedQuery, rows: number): Generator<LedQuery> {
  const { descending } = query
  let rest = fromCursor(query)
  for (;;) {
    const edge = instantAt(db, rest, rows)
    if (edge === undefined) break
    // All rows of one instant are in one part; a part that would be empty is that instant's.
    const near = descending
      ? within(rest, edge + 1n === rest.until ? edge : edge + 1n, undefined)
      : within(rest, undefined, edge === rest.since ? edge + 1n : edge)
    yield near
    rest = descending ? within(rest, undefined, near.since) : within(rest, near.until, undefined)
  }
  yield rest
}
