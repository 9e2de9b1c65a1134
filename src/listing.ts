import { LIMIT_DEFAULT, LIMIT_MAX } from './bounds.ts'
import { type Position, readCursor, writeCursor } from './cursor.ts'
import type { KeptKind } from './kept.ts'
import type { Fault } from './outcome.ts'
import { Parameters } from './parameters.ts'

/** Which rows of a list a page shows. */
interface Window {
  /** Rows in a page, 1 to 100. */
  readonly limit: number
  /** Matching rows to pass over. */
  readonly offset: bigint
  /** Where the page before ended. */
  readonly after?: Position
}

/** One page of rows, and how many match in all. */
export interface Rows<T> {
  readonly data: readonly T[]
  readonly total: number
  /** Where this page ends, when more rows follow it. */
  readonly end?: Position
}

/** Which statuses to list, by the time of the furthest step and then by id. */
export interface StatusQuery extends Window {
  readonly recipient?: string
  readonly status?: string
  /** Earliest time of the furthest step, inclusive, in microseconds since the Unix epoch. */
  readonly since?: bigint
}

/** What of that which was kept raw to list, in the order of arrival. */
export interface KeptQuery extends Window {
  readonly kind: KeptKind
  /** A notification's field, a reason. */
  readonly label?: string
}

type Parsed<Q> = { query: Q; cursorOf: (end: Position) => string } | readonly Fault[]

/** Reads limit, offset and cursor beside a list's own filters. */
function parseWindow<F extends object>(
  parameters: Parameters,
  list: string,
  filters: F,
): Parsed<F & Window> {
  const limit = Number(parameters.integer('limit', BigInt(LIMIT_DEFAULT), 1n, BigInt(LIMIT_MAX)))
  const offset = parameters.integer('offset', 0n, 0n)
  const scope = JSON.stringify([list, filters], (_, value) =>
    typeof value === 'bigint' ? value.toString() : value,
  )
  const cursor = parameters.filter('cursor')
  const after = cursor === undefined ? undefined : readCursor(cursor, scope)
  if (cursor !== undefined && after === undefined) {
    parameters.fault('cursor_invalid', 'cursor', 'must come from the Link of the same query')
  } else if (after !== undefined && offset > 0n) {
    parameters.fault('cursor_invalid', 'offset', 'must be left out where there is a cursor')
  }
  if (parameters.faults.length > 0) return parameters.faults
  const query = { ...filters, limit, offset, ...parameters.present('after', after) }
  return { query, cursorOf: (end) => writeCursor(end, scope) }
}

/** Reads the query of GET /statuses, by the rules of GET /messages. */
export function parseStatusQuery(values: URLSearchParams): Parsed<StatusQuery> {
  const parameters = new Parameters(values)
  return parseWindow(parameters, 'statuses', {
    ...parameters.present('recipient', parameters.number('recipient')),
    ...parameters.present('status', parameters.filter('status')),
    ...parameters.present('since', parameters.instant('since')),
  })
}

/** Which refusals to list. */
interface RefusalQuery extends Omit<Window, 'after'> {
  readonly reason?: string
}

/** Reads the query of GET /refusals. */
export function parseRefusalQuery(values: URLSearchParams): RefusalQuery | readonly Fault[] {
  const parameters = new Parameters(values)
  const query = {
    limit: Number(parameters.integer('limit', BigInt(LIMIT_DEFAULT), 1n, BigInt(LIMIT_MAX))),
    offset: parameters.integer('offset', 0n, 0n),
    ...parameters.present('reason', parameters.filter('reason')),
  }
  return parameters.faults.length > 0 ? parameters.faults : query
}

/** Reads the query of GET /notifications or GET /quarantine; `name` is the label's parameter. */
export function parseKeptQuery(
  values: URLSearchParams,
  kind: KeptKind,
  name: 'field' | 'reason',
): Parsed<KeptQuery> {
  const parameters = new Parameters(values)
  return parseWindow(parameters, kind, {
    kind,
    ...parameters.present('label', parameters.filter(name)),
  })
}
