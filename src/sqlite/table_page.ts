import type { Database, SQLQueryBindings } from 'bun:sqlite'
import type { Position } from '../cursor.ts'
import type { Page, Window } from '../page.ts'
import type { Where } from './where.ts'

/** Which rows of a table to list, and how they are shown. */
interface Listing<Row, T> {
  readonly table: string
  /** Columns of a row. */
  readonly row: string
  /** Columns that order them. */
  readonly order: string
  /** The query's filters. */
  readonly where: Where
  /** Adds to them that rows must come after the query's cursor. */
  readonly beyond: (where: Where) => Where
  readonly recordOf: (row: Row) => T
  readonly positionOf: (row: Row) => Position
}

/** A page of a table without counts of its own: counted and walked. In a read transaction. */
export function pageOfTable<Row, T>(db: Database, window: Window, list: Listing<Row, T>): Page<T> {
  const { table, row, order, where, beyond, recordOf, positionOf } = list
  const { limit, offset } = window
  const counting = `SELECT count(*) AS total FROM ${table} ${where.clause}`
  const count = db.query<{ total: number }, SQLQueryBindings[]>(counting).get(...where.bindings)
  const total = count?.total ?? 0
  if (offset >= BigInt(total)) return { data: [], total }
  const { clause, bindings } = beyond(where)
  const select = `SELECT ${row} FROM ${table} ${clause} ORDER BY ${order} LIMIT ? OFFSET ?`
  const rows = db.query<Row, SQLQueryBindings[]>(select).all(...bindings, limit + 1, offset)
  const last = rows.length > limit ? rows[limit - 1] : undefined
  const data = rows.slice(0, limit).map(recordOf)
  return { data, total, ...(last && { end: positionOf(last) }) }
}
