import type { Database, SQLQueryBindings } from 'bun:sqlite'
import type { Position } from '../cursor.ts'
import { parseInstant } from '../instant.ts'
import type { Message } from '../message.ts'
import type { Page } from '../page.ts'
import type { ListQuery } from '../query.ts'
import type { Budget } from './budget.ts'
import { countRows } from './count.ts'
import { seek } from './seek.ts'
import { beyond, filters, type LedQuery, MESSAGE, orderOf } from './where.ts'

/**
 * Rows of a query's filters in its order, beginning at its cursor and its offset; of the messages
 * up to a seq where one is given.
 */
export function rowsOf(db: Database, query: LedQuery, limit: number, through?: number): Message[] {
  const where = beyond(filters(query), query).add('+seq <= ?', through)
  const sql = `SELECT ${MESSAGE} FROM messages ${where.clause} ${orderOf(query)} LIMIT ? OFFSET ?`
  return db.query<Message, SQLQueryBindings[]>(sql).all(...where.bindings, limit, query.offset)
}

function positionOf(message: Message): Position {
  return { instant: parseInstant(message.ts) ?? 0n, messageId: message.message_id }
}

/** Makes a page of its rows, of which there is one more than its limit where others follow. */
export function pageOf(rows: readonly Message[], total: number, limit: number): Page<Message> {
  const data = rows.slice(0, limit)
  const last = data.at(-1)
  return rows.length > limit && last !== undefined
    ? { data, total, end: positionOf(last) }
    : { data, total }
}

/**
 * A page of a query that the indexes and the counts answer; to be called inside a read
 * transaction. Throws QueryStopped.
 */
export function listPage(db: Database, query: ListQuery, budget: Budget): Page<Message> {
  const { limit } = query
  const total = countRows(db, query)
  if (query.offset >= BigInt(total)) return { data: [], total }
  budget.check()
  const sought = { ...query, ...seek(db, query) }
  budget.check()
  return pageOf(rowsOf(db, sought, limit + 1), total, limit)
}
