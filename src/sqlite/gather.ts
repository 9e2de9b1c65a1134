import type { Database, SQLQueryBindings } from 'bun:sqlite'
import type { Message } from '../message.ts'
import type { Budget } from './budget.ts'
import { filtersOnly } from './count.ts'
import { type Hits, hitsOf, selectFrom } from './hits.ts'
import type { Search, Tools } from './plan.ts'
import { filters, type LedQuery, MESSAGE, orderOf } from './where.ts'

/** What a search through the index found. */
interface Gathered {
  /** Rows of the page, and one more where others follow. */
  readonly rows: Message[]
  /** All that match, whatever offset and cursor are. */
  readonly total: number
}

/** A match by its place in the order. */
interface Found {
  readonly seq: number
  /** The instant in digits: it may not fit a double. */
  readonly edge: string
  readonly messageId: string
  /** Whether it comes after the query's cursor. */
  readonly ahead: number
}

/** The first ones of any number of matches, in the order of a query, without keeping all. */
class First {
  #found: (Found & { instant: bigint })[] = []
  readonly #max: number
  readonly #sign: number

  constructor(max: number, descending: boolean) {
    this.#max = max
    this.#sign = descending ? -1 : 1
  }

  add(found: readonly Found[]): void {
    for (const each of found) this.#found.push({ ...each, instant: BigInt(each.edge) })
    if (this.#found.length > 2 * this.#max) this.#cut()
  }

  /** The numbers of those from `offset` on, in order. */
  seqs(offset: number): number[] {
    this.#cut()
    return this.#found.slice(offset).map(({ seq }) => seq)
  }

  #cut(): void {
    this.#found.sort((a, b) => {
      if (a.instant !== b.instant) return a.instant < b.instant ? -this.#sign : this.#sign
      return this.#sign * Buffer.compare(Buffer.from(a.messageId), Buffer.from(b.messageId))
    })
    this.#found.length = Math.min(this.#found.length, this.#max)
  }
}

/** Of these messages those that a query's filters let through, whatever its cursor is. */
function matching(db: Database, query: LedQuery, hits: Hits): Found[] {
  const { after: _, ...whole } = query
  const where = filters(whole)
  const { source, bindings } = selectFrom(hits)
  const order = query.descending ? '<' : '>'
  const ahead = query.after === undefined ? '1' : `(instant, message_id) ${order} (?, ?)`
  const cursor = query.after === undefined ? [] : [query.after.instant, query.after.messageId]
  const sql = `SELECT seq, CAST(instant AS TEXT) AS edge, message_id AS messageId, ${ahead} AS ahead
    FROM ${source} ${where.clause}`
  return db.query<Found, SQLQueryBindings[]>(sql).all(...cursor, ...bindings, ...where.bindings)
}

/** The messages with these numbers in a query's order. */
function fetch(db: Database, query: LedQuery, seqs: readonly number[]): Message[] {
  const sql = `SELECT ${MESSAGE} FROM json_each(?) AS hits CROSS JOIN messages ON seq = hits.value
    ${orderOf(query)}`
  return db.query<Message, [string]>(sql).all(JSON.stringify(seqs))
}

/** What is known to match, where it is, and then whatever else may match. */
function* hitsFor(tools: Tools, needle: string, through: number): Generator<Hits> {
  const known = tools.matches.of(needle, through)
  if (known.seqs.length > 0) yield { seqs: known.seqs }
  yield* hitsOf(tools, needle, through, known.through)
}

/**
 * Looks at every message that the index names up to a seq, with a look at the budget between
 * each few thousand, and remembers which ones have a needle that is asked for alone. Throws
 * QueryStopped.
 */
export function gather(
  tools: Tools,
  { query, needle = '' }: Search,
  through: number,
  budget: Budget,
): Gathered {
  const { db, matches } = tools
  const alone = filtersOnly(query, ['q'])
  const seqs: number[] = []
  const most = Number(query.offset) + query.limit + 1
  const first = new First(most, query.descending === true)
  let total = 0
  for (const hits of hitsFor(tools, needle, through)) {
    budget.check()
    const found = matching(db, query, hits)
    total += found.length
    if (alone && seqs.length <= matches.seqsMax) seqs.push(...found.map(({ seq }) => seq))
    first.add(found.filter(({ ahead }) => ahead === 1))
  }
  if (alone) matches.remember(needle, seqs, through)
  return { rows: fetch(db, query, first.seqs(Number(query.offset))), total }
}
