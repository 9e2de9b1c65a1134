import { LIMIT_DEFAULT, LIMIT_MAX } from './bounds.ts'
import { type Position, readCursor, writeCursor } from './cursor.ts'
import type { Fault } from './outcome.ts'
import { Parameters } from './parameters.ts'
import type { Message } from './schema.ts'

/** The schemas of answers, which take long to load, are in a file of their own. */
export type { PageAnswer, Stats, Volume } from './schema.ts'

/** Which messages to list: filters combine with AND; a filter that is absent matches all. */
export interface ListQuery {
  /** Rows in a page, 1 to 100. */
  readonly limit: number
  /** Matching rows to pass over. A bigint, since clients may send any number of digits. */
  readonly offset: bigint
  /** Whether the latest instant comes first; the earliest does otherwise. */
  readonly descending?: boolean
  /** Exact sender. */
  readonly from?: string
  /** Exact recipient. */
  readonly to?: string
  /** Earliest instant of `ts`, inclusive, in microseconds since the Unix epoch. */
  readonly since?: bigint
  /** Latest instant of `ts`, exclusive, in microseconds since the Unix epoch. */
  readonly until?: bigint
  /** Substring of `text`, ignoring case in every script; every character stands for itself. */
  readonly q?: string
  /** Where the page before ended; only rows after it, in the query's order, are wanted. */
  readonly after?: Position
}

/** One page of messages, and how many match in all. */
export interface Page {
  readonly data: readonly Message[]
  /** How many match the filters, whatever the limit, the offset and the cursor. */
  readonly total: number
  /** Where this page ends, when more rows follow it. */
  readonly end?: Position
}

/** The filters and the order as one text: a cursor is only good for the query it was made for. */
function scopeOf({ from, to, since, until, q, descending }: ListQuery): string {
  return JSON.stringify([from, to, since?.toString(), until?.toString(), q, descending ?? false])
}

/** The opaque cursor that leads on from where a page of this query ended. */
export function cursorOf(query: ListQuery, end: Position): string {
  return writeCursor(end, scopeOf(query))
}

function readFilters(parameters: Parameters): ListQuery {
  return {
    limit: Number(parameters.integer('limit', BigInt(LIMIT_DEFAULT), 1n, BigInt(LIMIT_MAX))),
    offset: parameters.integer('offset', 0n, 0n),
    ...(parameters.choice('order', ['asc', 'desc']) === 'desc' && { descending: true }),
    ...parameters.present('from', parameters.number('from')),
    ...parameters.present('to', parameters.number('to')),
    ...parameters.present('since', parameters.instant('since')),
    ...parameters.present('until', parameters.instant('until')),
    ...parameters.present('q', parameters.filter('q')),
  }
}

/**
 * Reads the query of GET /messages by the contract's rules: unknown parameters are ignored, the
 * last of a repeated one counts, an empty filter is no filter. Returns the faults, one per
 * parameter, when any is wrong.
 */
export function parseListQuery(values: URLSearchParams): ListQuery | readonly Fault[] {
  const parameters = new Parameters(values)
  const query = readFilters(parameters)
  const cursor = parameters.filter('cursor')
  if (cursor === undefined || parameters.faults.length > 0) {
    return parameters.faults.length > 0 ? parameters.faults : query
  }
  const after = readCursor(cursor, scopeOf(query))
  if (after === undefined) {
    parameters.fault('cursor_invalid', 'cursor', 'must come from the Link of the same query')
  } else if (query.offset > 0n) {
    parameters.fault('cursor_invalid', 'offset', 'must be left out where there is a cursor')
  }
  return after === undefined || parameters.faults.length > 0
    ? parameters.faults
    : { ...query, after }
}
