import { LIMIT_DEFAULT, LIMIT_MAX } from './bounds.ts'
import { type Position, readCursor, writeCursor } from './cursor.ts'
import type { Fault } from './outcome.ts'
import type { Parameters } from './parameters.ts'

/** Which rows of a list a page shows. */
export interface Window {
  /** Rows in a page, 1 to 100. */
  readonly limit: number
  /** Matching rows to pass over. A bigint, since clients may send any number of digits. */
  readonly offset: bigint
  /** Where the page before ended; only rows after it, in the list's order, are wanted. */
  readonly after?: Position
}

/** One page of a list. */
export interface Page<T> {
  readonly data: readonly T[]
  /** How many rows match the filters, whatever the limit, the offset and the cursor. */
  readonly total: number
  /** Where this page ends, when more rows follow it. */
  readonly end?: Position
}

/** What was asked of a list, with the cursor that leads on from where its page ended; or faults. */
export type Asked<Q> = { query: Q; cursorOf: (end: Position) => string } | readonly Fault[]

/** Reads limit and offset. */
export function readBounds(parameters: Parameters): Omit<Window, 'after'> {
  return {
    limit: Number(parameters.integer('limit', BigInt(LIMIT_DEFAULT), 1n, BigInt(LIMIT_MAX))),
    offset: parameters.integer('offset', 0n, 0n),
  }
}

/** Reads the cursor of a query that has no faults. */
function readAfter(parameters: Parameters, scope: string, offset: bigint): Position | undefined {
  const cursor = parameters.filter('cursor')
  if (cursor === undefined) return undefined
  const after = readCursor(cursor, scope)
  if (after === undefined) {
    parameters.fault('cursor_invalid', 'cursor', 'must come from the Link of the same query')
  } else if (offset > 0n) {
    parameters.fault('cursor_invalid', 'offset', 'must be left out where there is a cursor')
  }
  return after
}

/**
 * Reads the query of a list: limit, offset and cursor beside the list's own filters. A cursor is
 * only good for the list, the filters and the order it was made for. By the contract's rules
 * unknown parameters are ignored, the last of a repeated one counts, and an empty filter is no
 * filter. Gives the faults, one per parameter, when any is wrong; the cursor is judged last, where
 * nothing else is.
 */
export function askPage<F extends object>(
  parameters: Parameters,
  list: string,
  readFilters: (parameters: Parameters) => F,
): Asked<F & Window> {
  const bounds = readBounds(parameters)
  const filters = readFilters(parameters)
  const scope = JSON.stringify([list, filters], (_, value) =>
    typeof value === 'bigint' ? value.toString() : value,
  )
  const faultless = parameters.faults.length === 0
  const after = faultless ? readAfter(parameters, scope, bounds.offset) : undefined
  if (parameters.faults.length > 0) return parameters.faults
  const query = { ...filters, ...bounds, ...parameters.present('after', after) }
  return { query, cursorOf: (end) => writeCursor(end, scope) }
}
