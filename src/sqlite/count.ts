import type { Database, SQLQueryBindings } from 'bun:sqlite'
import type { ListQuery } from '../query.ts'
import { type Bucket, bucketOf, startOf } from './bucket.ts'
import { filters, type LedQuery } from './where.ts'

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

/** How many messages a party sent or got in all. */
function countParty(db: Database, table: 'senders' | 'recipients', number: string): number {
  return one(db, `SELECT count AS n FROM ${table} WHERE number = ?`, number)
}

/** Of a query's two parties, if it names both, the one with fewer messages leads. */
export function led(db: Database, query: ListQuery): LedQuery {
  const { from, to } = query
  if (from === undefined || to === undefined) return query
  const fewer = countParty(db, 'recipients', to) < countParty(db, 'senders', from)
  return fewer ? { ...query, lead: 'to' } : query
}

/** By walking the rows that the filters' index leaves, or all. */
function countByWalk(db: Database, query: LedQuery): number {
  const { after: _, ...whole } = query
  const where = filters(whole)
  return one(db, `SELECT count(*) AS n FROM messages ${where.clause}`, ...where.bindings)
}

/** Rows of one party from which on it pays to see on which side of an instant fewer of them are. */
const MANY_ROWS = 20_000

/** One party's rows in a window; where only one edge bounds it, the lesser side is counted. */
function countInWindow(db: Database, query: ListQuery, all: number): number {
  const { since, until } = query
  const edge = since ?? until
  if (all < MANY_ROWS || edge === undefined || (since !== undefined && until !== undefined)) {
    return countByWalk(db, query)
  }
  const early = 2 * countBefore(db, edge) < countAll(db)
  if (early === (since === undefined)) return countByWalk(db, query)
  const { since: _, until: __, ...party } = query
  const other = since === undefined ? { ...party, since: edge } : { ...party, until: edge }
  return all - countByWalk(db, other)
}

/**
 * How many rows match a query's filters. Answered from the derived counts where they can; else
 * by walking one party's rows, or all.
 */
export function countRows(db: Database, query: ListQuery): number {
  if (filtersOnly(query, ['since', 'until'])) return countBetween(db, query)
  const ofSender = filtersOnly(query, ['from', 'since', 'until'])
  const ofRecipient = filtersOnly(query, ['to', 'since', 'until'])
  if (!(ofSender || ofRecipient)) return countByWalk(db, led(db, query))
  const { from = '', to = '' } = query
  const all = ofSender ? countParty(db, 'senders', from) : countParty(db, 'recipients', to)
  const whole = query.since === undefined && query.until === undefined
  return whole ? all : countInWindow(db, query, all)
}
