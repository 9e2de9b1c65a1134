import type { Database, SQLQueryBindings } from 'bun:sqlite'
import type { ListQuery } from '../query.ts'
import type { Budget } from './budget.ts'
import { countRows, filtersOnly } from './count.ts'
import { gather } from './gather.ts'
import { isExact } from './grams.ts'
import { foundIn, type Hits, hitsOf, selectFrom } from './hits.ts'
import { planSearch, type Search, type Tools } from './plan.ts'
import { countMatches } from './search.ts'
import { filters, indexed, type LedQuery } from './where.ts'
import { windowsOf } from './windows.ts'

/** Totals that are remembered; the one used longest ago is forgotten first. */
const REMEMBERED_MAX = 256

/** A window with no more than one of so many messages is walked, and not all messages scanned. */
const WALKED_ONE_IN = 8

/** A total that counts every message up to a seq. */
interface Total {
  readonly count: number
  readonly through: number
}

/** The filters alone, as a key: order, limit, offset and cursor do not change a total. */
function keyOf({ from, to, since, until, q }: ListQuery): string {
  return JSON.stringify([from, to, since?.toString(), until?.toString(), q])
}

function count(db: Database, sql: string, bindings: SQLQueryBindings[]): number {
  return db.query<{ n: number }, SQLQueryBindings[]>(sql).get(...bindings)?.n ?? 0
}

/** Counts matches among the messages after a seq and up to another. */
type Range = (after: number, through: number) => number

/** Looks at each message of a range; no other index would keep to the range. */
const byScan =
  (db: Database, query: LedQuery): Range =>
  (after, through) => {
    const where = filters(query).add('seq > ?', after).add('seq <= ?', through)
    const sql = `SELECT count(*) AS n FROM messages NOT INDEXED ${where.clause}`
    return count(db, sql, where.bindings)
  }

/** Counts matches among some messages. */
function countHits(db: Database, query: LedQuery, hits: Hits): number {
  const where = filters(query)
  const { source, bindings } = selectFrom(hits)
  const sql = `SELECT count(*) AS n FROM ${source} ${where.clause}`
  return count(db, sql, [...bindings, ...where.bindings])
}

/**
 * Exact totals of searches. A message never changes and never goes, so a total up to one seq
 * stays true: it is remembered, and only messages that came later are looked at again.
 */
export class Totals {
  readonly #tools: Tools
  readonly #remembered = new Map<string, Total>()

  constructor(tools: Tools) {
    this.#tools = tools
  }

  /**
   * How many of the messages up to `through` match. Outside any transaction: a message up to a
   * seq is the same in every snapshot, and a long one would keep the WAL from starting anew.
   * Throws QueryStopped.
   */
  total(query: ListQuery, through: number, budget: Budget): number {
    const known = this.#remembered.get(keyOf(query))
    const { after: _, ...whole } = query
    const total =
      known !== undefined && known.through <= through
        ? known.count + this.#slices(byScan(this.#tools.db, whole), known.through, through, budget)
        : this.#countAll(planSearch(this.#tools, whole), through, budget)
    this.remember(query, through, total)
    return total
  }

  /** Keeps a total that was counted in another way. */
  remember(query: ListQuery, through: number, count: number): void {
    const key = keyOf(query)
    this.#remembered.delete(key)
    this.#remembered.set(key, { count, through })
    const [oldest] = this.#remembered.keys()
    if (this.#remembered.size > REMEMBERED_MAX && oldest !== undefined) {
      this.#remembered.delete(oldest)
    }
  }

  #countAll(search: Search, through: number, budget: Budget): number {
    const { db } = this.#tools
    const { kind, query, needle } = search
    if (kind === 'narrow') return countMatches(db, query, through)
    if (kind === 'index') return gather(this.#tools, search, through, budget).total
    const few = countRows(db, indexed(query)) * WALKED_ONE_IN <= through
    if (needle === undefined || few) return this.#parts(query, through, budget)
    const alone = filtersOnly(query, ['q']) && isExact(needle)
    return alone ? this.#found(query, needle, through, budget) : this.#hits(search, through, budget)
  }

  /** Where the index alone says it: what it found is not looked at. */
  #found(query: LedQuery, needle: string, through: number, budget: Budget): number {
    const found = foundIn(this.#tools, needle, through)
    let sum = 0
    let step = found.next()
    for (; !step.done; step = found.next()) {
      budget.check()
      sum += step.value.messages.length
    }
    return sum + this.#slices(byScan(this.#tools.db, query), step.value, through, budget)
  }

  #hits({ query, needle = '' }: Search, through: number, budget: Budget): number {
    let sum = 0
    for (const hits of hitsOf(this.#tools, needle, through)) {
      budget.check()
      sum += countHits(this.#tools.db, query, hits)
    }
    return sum
  }

  #slices(range: Range, from: number, to: number, budget: Budget): number {
    const { sliceMessages } = this.#tools.limits
    let sum = 0
    for (let after = from; after < to; after += sliceMessages) {
      budget.check()
      sum += range(after, Math.min(after + sliceMessages, to))
    }
    return sum
  }

  #parts(query: LedQuery, through: number, budget: Budget): number {
    const { db, limits } = this.#tools
    let sum = 0
    for (const part of windowsOf(db, query, limits.walkRows)) {
      budget.check()
      sum += countMatches(db, part, through)
    }
    return sum
  }
}
