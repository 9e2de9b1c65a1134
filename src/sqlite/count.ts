import type { Database, SQLQueryBindings } from 'bun:sqlite'
import type { ListQuery } from '../query.ts'
import { type Bucket, bucketOf, startOf } from './bucket.ts'
import { filters } from './where.ts'

function one(db: Database, sql: string, ...bindings: SQLQueryBindings[]): number {
  return db.query<{ n: number | null }, SQLQueryBindings[]>(sql).get(...bindings)?.n ?? 0
}

/** Rows in the days or hours with numbers from `from` to before `to`. */
function sumOf(db: Database, bucket: Bucket, from: bigint, to: bigint): number {
  return one(db, `SELECT sum(count) AS n FROM ${bucket} WHERE start >= ? AND start < ?`, from, to)
}

/** How many rows are before an instant: whole days, whole hours, and a walk within one hour. */
export function countBefore(db: Database, instant: bigint): number {
  const day = bucketOf(instant, 'days')
  const hour = bucketOf(instant, 'hours')
  const days = one(db, 'SELECT sum(count) AS n FROM days WHERE start < ?', day)
  const hours = sumOf(db, 'hours', bucketOf(startOf(day, 'days'), 'hours'), hour)
  const sql = 'SELECT count(*) AS n FROM messages WHERE instant >= ? AND instant < ?'
  return days + hours + one(db, sql, startOf(hour, 'hours'), instant)
}

/** How many rows there are. */
export function countAll(db: Database): number {
  // Rows are numbered from 1 without a gap and never deleted.
  return one(db, 'SELECT max(seq) AS n FROM messages')
}

function countBetween(db: Database, { since, until }: ListQuery): number {
  if (since !== undefined && until !== undefined && until <= since) return 0
  const end = until === undefined ? countAll(db) : countBefore(db, until)
  return end - (since === undefined ? 0 : countBefore(db, since))
}

/** Whether a query filters by nothing else than these. */
export const filtersOnly = (query: ListQuery, names: readonly (keyof ListQuery)[]) =>
  (['from', 'to', 'since', 'until', 'q'] as const).every(
    (name) => query[name] === undefined || names.includes(name),
  )

/**
 * How many rows match a query's filters. Answered from the derived counts where they can; else
 * by walking one sender's rows, or all.
 */
export function countRows(db: Database, query: ListQuery): number {
  if (filtersOnly(query, ['since', 'until'])) return countBetween(db, query)
  if (filtersOnly(query, ['from'])) {
    return one(db, 'SELECT count AS n FROM senders WHERE number = ?', query.from ?? '')
  }
  if (filtersOnly(query, ['to'])) {
    return one(db, 'SELECT count AS n FROM recipients WHERE number = ?', query.to ?? '')
  }
  const { after: _, ...whole } = query
  const where = filters(whole)
  return one(db, `SELECT count(*) AS n FROM messages ${where.clause}`, ...where.bindings)
}
