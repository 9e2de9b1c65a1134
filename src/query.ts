import { type Static, Type } from '@sinclair/typebox'
import { STATS_SENDERS_MAX } from './busiest.ts'
import { type Position, readCursor, writeCursor } from './cursor.ts'
import { ListedMessage, type Message } from './message.ts'
import type { Fault } from './outcome.ts'
import { Parameters } from './parameters.ts'
import { BUCKETS, VOLUME_BUCKETS_MAX } from './volume.ts'

/** Rows in a page unless `limit` says otherwise. */
export const LIMIT_DEFAULT = 50
/** Most rows in a page. */
export const LIMIT_MAX = 100

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

/** The answer of GET /messages. */
export const PageAnswer = Type.Object({
  data: Type.Array(ListedMessage),
  total: Type.Integer({ description: 'How many messages match, whatever limit and offset are.' }),
  limit: Type.Integer({ minimum: 1, maximum: LIMIT_MAX }),
  offset: Type.Integer({ minimum: 0 }),
})

/** The answer of GET /messages. */
export type PageAnswer = Static<typeof PageAnswer>

const timestamp = (which: string) =>
  Type.Union([Type.String(), Type.Null()], { description: `${which} ts, null when empty.` })

/** The answer of GET /stats: counts over all messages. */
export const Stats = Type.Object({
  total_messages: Type.Integer(),
  senders_count: Type.Integer({ description: 'How many different senders there are.' }),
  messages_per_sender: Type.Array(Type.Object({ from: Type.String(), count: Type.Integer() }), {
    maxItems: STATS_SENDERS_MAX,
    description: 'The busiest senders, by count descending and then by number ascending.',
  }),
  first_message_ts: timestamp('Earliest'),
  last_message_ts: timestamp('Latest'),
})

/** The answer of GET /stats: counts over all messages. */
export type Stats = Static<typeof Stats>

/** The answer of GET /stats/volume: the buckets that are not empty, in order. */
export const Volume = Type.Object({
  bucket: Type.Union(BUCKETS.map((name) => Type.Literal(name))),
  data: Type.Array(
    Type.Object({
      start: Type.String({ format: 'date-time', description: 'Start of the bucket, in UTC.' }),
      count: Type.Integer({ minimum: 1 }),
    }),
    { maxItems: VOLUME_BUCKETS_MAX },
  ),
})

/** The answer of GET /stats/volume. */
export type Volume = Static<typeof Volume>

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
