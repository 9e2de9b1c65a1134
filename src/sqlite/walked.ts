import type { Database, SQLQueryBindings } from 'bun:sqlite'
import type { Position } from '../cursor.ts'
import type { Page, Window } from '../page.ts'
import type { Where } from './where.ts'

/** A list that is short or rarely asked for: it is counted and walked as it stands. */
interface Walked<Row, T> {
  readonly table: string
  /** Columns of a row. */
  readonly row: string
  /** Columns that order it. */
  readonly order: string
  /** The query's filters, made anew. */
  readonly filters: () => Where
  /** Adds that rows must come after the query's cursor. */
  readonly beyond: (where: Where) => Where
  readonly recordOf: (row: Row) => T
  readonly positionOf: (row: Row) => Position
}

/** A page of such a list; inside a read transaction. */
export function walkPage<Row, T>(db: Database, window: Window, list: Walked<Row, T>): Page<T> {
  const { table, row, order, filters, beyond, recordOf, positionOf } = list
  const { limit, offset } = window
  const counted = filters()
  const count = `SELECT count(*) AS total FROM ${table} ${counted.clause}`
  const total =
    db.query<{ total: number }, SQLQueryBindings[]>(count).get(...counted.bindings)?.total ?? 0
  if (offset >= BigInt(total)) return { data: [], total }
  const where = beyond(filters())
  const select = `SELECT ${row} FROM ${table} ${where.clause} ORDER BY ${order} LIMIT ? OFFSET ?`
  const rows = db.query<Row, SQLQueryBindings[]>(select).all(...where.bindings, limit + 1, offset)
  const last = rows.length > limit ? rows[limit - 1] : undefined
  const data = rows.slice(0, limit).map(recordOf)
  return { data, total, ...(last && { end: positionOf(last) }) }
}
