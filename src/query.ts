import { type Static, Type } from '@sinclair/typebox'
import { parseInstant } from './instant.ts'
import { Message } from './message.ts'
import type { Fault } from './outcome.ts'

const LIMIT_DEFAULT = 50
const LIMIT_MAX = 100

/** Which messages to list: filters combine with AND; a filter that is absent matches all. */
export interface ListQuery {
  /** Rows in a page, 1 to 100. */
  readonly limit: number
  /** Matching rows to pass over. A bigint, since clients may send any number of digits. */
  readonly offset: bigint
  /** Exact sender. */
  readonly from?: string
  /** Earliest instant of `ts`, inclusive, in microseconds since the Unix epoch. */
  readonly since?: bigint
  /** Substring of `text`, ignoring case in every script; every character stands for itself. */
  readonly q?: string
}

/** One page of messages, and how many match in all. */
export interface Page {
  readonly data: readonly Message[]
  readonly total: number
}

/** The answer of GET /messages. */
export const PageAnswer = Type.Object({
  data: Type.Array(Message),
  total: Type.Integer({ description: 'How many messages match, whatever limit and offset are.' }),
  limit: Type.Integer({ minimum: 1, maximum: LIMIT_MAX }),
  offset: Type.Integer({ minimum: 0 }),
})

/** Most senders that the answer of GET /stats lists (the contract's bound). */
export const STATS_SENDERS_MAX = 10

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

/** Form decoding turns a raw plus into a space; a number or an offset never holds a space. */
const withPlus = (value: string) => value.replace(' ', '+')

/** Reads the query string of GET /messages one parameter at a time, noting what is wrong. */
class Parameters {
  readonly faults: Fault[] = []
  readonly #values: URLSearchParams

  constructor(values: URLSearchParams) {
    this.#values = values
  }

  /** The last value of a repeated parameter; undefined when absent. */
  text(name: string): string | undefined {
    return this.#values.getAll(name).at(-1)
  }

  /** A filter: like text, but an empty one is no filter. */
  filter(name: string): string | undefined {
    return this.text(name) || undefined
  }

  /** Plain decimal digits within bounds. */
  integer(name: string, fallback: bigint, min: bigint, max?: bigint): bigint {
    const text = this.text(name)
    if (text === undefined) return fallback
    const value = /^[0-9]+$/.test(text) ? BigInt(text) : undefined
    if (value !== undefined && value >= min && (max === undefined || value <= max)) return value
    const range = max === undefined ? `of ${min} or more` : `from ${min} to ${max}`
    this.#fault('integer_invalid', name, `must be a plain decimal integer ${range}`)
    return fallback
  }

  /** An instant in UTC or with a numeric offset. */
  instant(name: string): bigint | undefined {
    const text = this.filter(name)
    if (text === undefined) return undefined
    const value = parseInstant(withPlus(text))
    if (value === undefined) {
      const msg = 'must be YYYY-MM-DDTHH:MM:SS[.ffffff] with Z or an offset such as +05:30'
      this.#fault('datetime_invalid', name, msg)
    }
    return value
  }

  #fault(type: string, name: string, msg: string): void {
    this.faults.push({ type, loc: ['query', name], msg })
  }
}

/**
 * Reads the query of GET /messages by the contract's rules: unknown parameters are ignored, the
 * last of a repeated one counts, an empty filter is no filter. Returns the faults, one per
 * parameter, when any is wrong.
 */
export function parseListQuery(values: URLSearchParams): ListQuery | readonly Fault[] {
  const parameters = new Parameters(values)
  const limit = Number(parameters.integer('limit', BigInt(LIMIT_DEFAULT), 1n, BigInt(LIMIT_MAX)))
  const offset = parameters.integer('offset', 0n, 0n)
  const since = parameters.instant('since')
  const from = parameters.filter('from')
  const q = parameters.filter('q')
  if (parameters.faults.length > 0) return parameters.faults
  return {
    limit,
    offset,
    ...(from !== undefined && { from: from.startsWith(' ') ? withPlus(from) : from }),
    ...(since !== undefined && { since }),
    ...(q !== undefined && { q }),
  }
}
