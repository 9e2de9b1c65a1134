import type { Database, SQLQueryBindings } from 'bun:sqlite'
import type { ListQuery } from '../query.ts'
import type { Budget } from './budget.ts'
import { filtersOnly } from './count.ts'
import { gramQuery, isExact, isPrefix } from './grams.ts'
import { countHits, planSearch, type Search, type SearchLimits } from './search.ts'
import { filters } from './where.ts'

/** Totals that are remembered; the one used longest ago is forgotten first. */
const REMEMBERED_MAX = 256

/** A total that counts every message up to a seq. */
interface Total {
  readonly count: number
  readonly through: number
}

/** The filters alone, as a key: order, limit, offset and cursor do not change a total. */
function keyOf({ from, to, since, until, q }: ListQuery): string {
  return JSON.stringify([from, to, since?.toString(), until?.toString(), q])
}

type Range = (db: Database, search: Search, after: number, through: number) => number

function count(db: Database, sql: string, bindings: SQLQueryBindings[]): number {
  return db.query<{ n: number }, SQLQueryBindings[]>(sql).get(...bindings)?.n ?? 0
}

/** Looks at each message of a range; no other index would keep to the range. */
const byScan: Range = (db, { query }, after, through) => {
  const where = filters(query).add('seq > ?', after).add('seq <= ?', through)
  const sql = `SELECT count(*) AS n FROM messages NOT INDEXED ${where.clause}`
  return count(db, sql, where.bindings)
}

/** Looks at the few messages that the other filters leave. */
const byFilters: Range = (db, { query }, after, through) => {
  const where = filters(query).add('+seq > ?', after).add('+seq <= ?', through)
  return count(db, `SELECT count(*) AS n FROM messages ${where.clause}`, where.bindings)
}

/** Counts in the index alone: only for a needle that it is exact for, and no other filter. */
const byIndex: Range = (db, { needle }, after, through) => {
  const sql = `SELECT count(*) AS n FROM search.grams
    WHERE grams MATCH ? AND rowid > ? AND rowid <= ?`
  return count(db, sql, [gramQuery(needle), after, through])
}

/** Looks at the messages that the index names. */
const byHits: Range = (db, { query, needle }, after, through) => {
  const where = filters(query).add('grams.rowid > ?', after).add('grams.rowid <= ?', through)
  const sql = `SELECT count(*) AS n FROM search.grams AS grams
    CROSS JOIN messages ON seq = grams.rowid ${where.clause} AND grams MATCH ?`
  return count(db, sql, [...where.bindings, gramQuery(needle)])
}

/** A prefix has no order in the index, so each range would cost as much as all. */
function rangeFor({ needle, query }: Search): Range {
  if (isPrefix(needle)) return byScan
  return isExact(needle) && filtersOnly(query, ['q']) ? byIndex : byHits
}

/**
 * Exact totals of searches. A message never changes and never goes, so a total up to one seq
 * stays true: it is remembered, and only messages that came later are looked at again.
 */
export class Totals {
  readonly #db: Database
  readonly #limits: SearchLimits
  readonly #remembered = new Map<string, Total>()

  /** Takes a connection that has the search index. */
  constructor(db: Database, limits: SearchLimits) {
    this.#db = db
    this.#limits = limits
  }

  /**
   * How many of the messages up to `through` match. Outside any transaction: a message up to a
   * seq is the same in every snapshot, and a long one would keep the WAL from starting anew.
   * Throws QueryStopped.
   */
  total(query: ListQuery, through: number, budget: Budget): number {
    const key = keyOf(query)
    const known = this.#remembered.get(key)
    const total =
      known !== undefined && known.through <= through
        ? known.count + this.#countAfter(query, known.through, through, budget)
        : this.#countAll(query, through, budget)
    this.#remembered.delete(key)
    this.#remembered.set(key, { count: total, through })
    const [oldest] = this.#remembered.keys()
    if (this.#remembered.size > REMEMBERED_MAX && oldest !== undefined) {
      this.#remembered.delete(oldest)
    }
    return total
  }

  /** Counts what came since a total was remembered. */
  #countAfter(query: ListQuery, after: number, through: number, budget: Budget): number {
    const search: Search = { query, needle: '', kind: 'narrow' }
    return this.#slices(byScan, search, [after, through], budget)
  }

  #countAll({ after: _, ...query }: ListQuery, through: number, budget: Budget): number {
    const search = planSearch(this.#db, query, this.#limits)
    if (search.kind === 'narrow') return byFilters(this.#db, search, 0, through)
    if (search.kind === 'rare') return countHits(this.#db, search, through)
    const indexed = Math.min(this.#indexed(), through)
    return (
      this.#slices(rangeFor(search), search, [0, indexed], budget) +
      this.#slices(byScan, search, [indexed, through], budget)
    )
  }

  #slices(range: Range, search: Search, [from, to]: [number, number], budget: Budget): number {
    const { sliceMessages } = this.#limits
    let sum = 0
    for (let after = from; after < to; after += sliceMessages) {
      budget.check()
      sum += range(this.#db, search, after, Math.min(after + sliceMessages, to))
    }
    return sum
  }

  #indexed(): number {
    return count(this.#db, 'SELECT through AS n FROM search.indexed', [])
  }
}
