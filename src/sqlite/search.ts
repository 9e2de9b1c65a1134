import type { Database, SQLQueryBindings } from 'bun:sqlite'
import type { Message } from '../message.ts'
import type { Budget } from './budget.ts'
import { rowsOf } from './list.ts'
import type { Search } from './plan.ts'
import { beyond, filters, type LedQuery } from './where.ts'
import { windowsOf } from './windows.ts'

/** How many messages up to a seq match after the cursor, by looking at each in the window. */
export function countMatches(db: Database, query: LedQuery, through: number): number {
  const where = beyond(filters(query), query).add('+seq <= ?', through)
  const sql = `SELECT count(*) AS n FROM messages ${where.clause}`
  return db.query<{ n: number }, SQLQueryBindings[]>(sql).get(...where.bindings)?.n ?? 0
}

/** What a walk goes by. */
interface Walk {
  /** Messages that came later are passed over. */
  readonly through: number
  readonly walkRows: number
  /** Parts of the window that are looked at, at most. */
  readonly parts: number
}

/**
 * A page's rows, and one more where others follow, by walking in order. Undefined when the parts
 * end before the page is full. Throws QueryStopped.
 */
export function walkRows(
  db: Database,
  { query }: Search,
  { through, walkRows: rows, parts }: Walk,
  budget: Budget,
): Message[] | undefined {
  const found: Message[] = []
  let { offset } = query
  let left = parts
  for (const part of windowsOf(db, query, rows)) {
    if (left === 0) return undefined
    left -= 1
    budget.check()
    if (offset > 0n) {
      // A page that begins further on passes over the matches of a whole part by their count.
      const matches = BigInt(countMatches(db, part, through))
      if (matches <= offset) {
        offset -= matches
        continue
      }
    }
    found.push(...rowsOf(db, { ...part, offset }, query.limit + 1 - found.length, through))
    offset = 0n
    if (found.length > query.limit) return found
  }
  return found
}
