import type { Database, SQLQueryBindings } from 'bun:sqlite'
import type { Position } from '../cursor.ts'
import { parseInstant } from '../instant.ts'
import type { Message } from '../message.ts'
import type { ListQuery, Page } from '../query.ts'
import { countRows } from './count.ts'
import { seek, type Window } from './seek.ts'
import { filters } from './where.ts'

const MESSAGE = `message_id, sender AS "from", recipient AS "to", ts, text`

/** The rows of a page and one more, which tells whether any follow. */
function rowsOf(db: Database, query: ListQuery, window: Window): Message[] {
  const { descending, after, limit } = query
  const beyond = `(instant, message_id) ${descending ? '<' : '>'} (?, ?)`
  const where = filters({ ...query, ...window }).add(beyond, after?.instant, after?.messageId)
  const direction = descending ? 'DESC' : 'ASC'
  return db
    .query<Message, SQLQueryBindings[]>(
      `SELECT ${MESSAGE} FROM messages ${where.clause}
       ORDER BY instant ${direction}, message_id ${direction} LIMIT ? OFFSET ?`,
    )
    .all(...where.bindings, limit + 1, window.offset)
}

function positionOf(message: Message): Position {
  return { instant: parseInstant(message.ts) ?? 0n, messageId: message.message_id }
}

/** See Store.list; to be called inside a read transaction. */
export function listPage(db: Database, query: ListQuery): Page {
  const total = countRows(db, query)
  const rows = query.offset >= BigInt(total) ? [] : rowsOf(db, query, seek(db, query))
  const data = rows.slice(0, query.limit)
  const last = data.at(-1)
  return rows.length > data.length && last !== undefined
    ? { data, total, end: positionOf(last) }
    : { data, total }
}
