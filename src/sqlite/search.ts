import type { Database, SQLQueryBindings } from 'bun:sqlite'
import { fold } from '../fold.ts'
import type { Message } from '../message.ts'
import type { ListQuery } from '../query.ts'
import { countAll } from './count.ts'
import { gramQuery } from './grams.ts'
import { rowsOf } from './list.ts'
import { beyond, filters, MESSAGE, orderOf } from './where.ts'

/** A query with a needle, and how its rows are best found. */
export interface Search {
  readonly query: ListQuery
  /** The folded needle. */
  readonly needle: string
  /**
   * `narrow`: the other filters leave so few rows that each can be looked at. `common`: the
   * needle is in many of them, so walking in order meets it soon. `rare`: the index is asked.
   */
  readonly kind: 'narrow' | 'common' | 'rare'
  /** Where a walk in the query's order stops, in microseconds since the epoch; not for narrow. */
  readonly walkEnd?: bigint
}

/** What a search may look at before it takes another way. */
export interface SearchLimits {
  /**
   * Rows that a page may look at one by one. A needle can be common and yet be bunched where a
   * walk does not come by; then the index is asked after all.
   */
  readonly walkRows: number
  /** Messages that are looked at to tell a common needle from a rare one, spread over all. */
  readonly sampleMessages: number
  /** Messages that one statement counts over before the budget is looked at. */
  readonly sliceMessages: number
}

/** Each step is some milliseconds: 20 for a walk, 2 for a sample, 50 for a slice. */
export const SEARCH_LIMITS: SearchLimits = {
  walkRows: 20_000,
  sampleMessages: 1024,
  sliceMessages: 100_000,
}

/** Needles found this often in the sample are common. */
const COMMON_HITS = 2

/** By seq: the messages that the index says may match, and those it does not know yet. */
const HITS = `(
  SELECT rowid AS seq FROM search.grams WHERE grams MATCH ?
  UNION ALL
  SELECT seq FROM messages WHERE seq > (SELECT through FROM search.indexed)
) AS hits CROSS JOIN messages USING (seq)`

function isCommon(db: Database, needle: string, messages: number): boolean {
  const step = Math.max(1, Math.floor(countAll(db) / messages))
  const sample = Array.from({ length: messages }, (_, index) => 1 + index * step)
  const sql = `
    SELECT count(*) AS n FROM json_each(?) AS sample CROSS JOIN messages ON seq = sample.value
    WHERE instr(coalesce(folded, lower(text)), ?)`
  const row = db.query<{ n: number }, [string, string]>(sql).get(JSON.stringify(sample), needle)
  return (row?.n ?? 0) >= COMMON_HITS
}

/** The query without its needle. */
function withoutNeedle(query: ListQuery): ListQuery {
  const { q: _, ...rest } = query
  return rest
}

/** The instant of the row that many rows away, by the filters without the needle. */
function instantAt(db: Database, query: ListQuery, rows: number): bigint | undefined {
  const where = beyond(filters(withoutNeedle(query)), query)
  const sql = `
    SELECT CAST(instant AS TEXT) AS edge FROM messages ${where.clause} ${orderOf(query)}
    LIMIT 1 OFFSET ?`
  // Not named instant: ORDER BY would take that for the text, and sort all rows.
  const row = db.query<{ edge: string }, SQLQueryBindings[]>(sql).get(...where.bindings, rows)
  return row === null ? undefined : BigInt(row.edge)
}

/** Looks at how many rows a query concerns and how common its needle is: a millisecond or two. */
export function planSearch(db: Database, query: ListQuery, limits: SearchLimits): Search {
  const needle = fold(query.q ?? '')
  const walkEnd = instantAt(db, query, limits.walkRows)
  if (walkEnd === undefined) return { query, needle, kind: 'narrow' }
  const common = isCommon(db, needle, limits.sampleMessages)
  return { query, needle, kind: common ? 'common' : 'rare', walkEnd }
}

/** The rows that a walk finds before its end; undefined when they are too few for the page. */
function walk(db: Database, { query, walkEnd }: Search, limit: number): Message[] | undefined {
  const { descending, since, until } = query
  const end = walkEnd ?? 0n
  const bounded = descending
    ? { ...query, since: since !== undefined && since > end ? since : end + 1n }
    : { ...query, until: until !== undefined && until < end ? until : end }
  const rows = rowsOf(db, bounded, limit)
  return rows.length < limit ? undefined : rows
}

/** Rows by way of the index: all that match are fetched, and the first ones in order kept. */
function fromIndex(db: Database, { query, needle }: Search, limit: number): Message[] {
  const where = beyond(filters(query), query)
  const sql = `SELECT ${MESSAGE} FROM ${HITS} ${where.clause} ${orderOf(query)} LIMIT ? OFFSET ?`
  return db
    .query<Message, SQLQueryBindings[]>(sql)
    .all(gramQuery(needle), ...where.bindings, limit, query.offset)
}

/** A page's rows and one more where others follow; to be called inside a read transaction. */
export function searchRows(db: Database, search: Search): Message[] {
  const limit = search.query.limit + 1
  if (search.kind === 'narrow') return rowsOf(db, search.query, limit)
  const walked = search.kind === 'common' ? walk(db, search, limit) : undefined
  return walked ?? fromIndex(db, search, limit)
}

/** How many rows up to a seq match, by way of the index; for a rare needle. */
export function countHits(db: Database, { query, needle }: Search, through: number): number {
  const where = filters(query).add('seq <= ?', through)
  const sql = `SELECT count(*) AS n FROM ${HITS} ${where.clause}`
  const row = db
    .query<{ n: number }, SQLQueryBindings[]>(sql)
    .get(gramQuery(needle), ...where.bindings)
  return row?.n ?? 0
}
