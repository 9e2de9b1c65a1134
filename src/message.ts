import { MESSAGE_ID_CODE_POINTS_MAX, PARTY, TEXT_CODE_POINTS_MAX } from './bounds.ts'
import type { Verified } from './delivery.ts'
import { isUtcInstant } from './instant.ts'
import { FAULTS_MAX, type Fault, Rejection } from './outcome.ts'
import type { KeptDetails } from './records.ts'
import type { Message, StoredMessage } from './schema.ts'

/** The schemas of messages, which take long to load, are in a file of their own. */
export type { Message, StoredMessage } from './schema.ts'

/** A message on its way to the store. */
export interface Arrival extends Message {
  /** When its delivery arrived, in milliseconds since the Unix epoch. */
  readonly receivedAt: number
  /** What WhatsApp adds, for a message that came from there. */
  readonly whatsapp?: KeptDetails
}

/** A message as the store keeps it. */
export type MessageRecord = Omit<StoredMessage, 'whatsapp'> & { readonly whatsapp?: KeptDetails }

type Check = (value: string) => readonly [type: string, msg: string] | undefined

const TOO_LONG = (max: number) => ['string_too_long', `at most ${max} code points`] as const

/** Whether a text has more Unicode code points than that. */
export function exceedsCodePoints(value: string, max: number): boolean {
  if (value.length <= max) return false
  if (value.length > max * 2) return true
  let count = 0
  for (const _ of value) count += 1
  return count > max
}

const checkMessageId: Check = (value) => {
  if (value === '') return ['string_too_short', 'at least 1 code point']
  if (exceedsCodePoints(value, MESSAGE_ID_CODE_POINTS_MAX)) {
    return TOO_LONG(MESSAGE_ID_CODE_POINTS_MAX)
  }
  if (!/\P{White_Space}/u.test(value)) return ['string_blank', 'more than white space']
  return undefined
}

/** What `from` and `to` look like. */
export const PARTY_FORM = new RegExp(PARTY)

const checkParty: Check = (value) =>
  PARTY_FORM.test(value) ? undefined : ['string_pattern_mismatch', 'a plus and 1 to 32 digits']

const checkTs: Check = (value) =>
  isUtcInstant(value)
    ? undefined
    : ['datetime_invalid', 'a real date and time as YYYY-MM-DDTHH:MM:SS[.ffffff]Z']

const checkText: Check = (value) =>
  exceedsCodePoints(value, TEXT_CODE_POINTS_MAX) ? TOO_LONG(TEXT_CODE_POINTS_MAX) : undefined

/**
 * Checks one field: `undefined` when it keeps its rule. Half a surrogate pair is refused in
 * every field: it is no Unicode text (RFC 8259, 8.2) and UTF-8 storage would change it, so that
 * two different ids could become one.
 */
function faultOf(name: string, value: unknown, check: Check): Fault | undefined {
  const loc = ['body', name]
  if (value === undefined) return { type: 'missing', loc, msg: 'field required' }
  if (typeof value !== 'string') return { type: 'string_type', loc, msg: 'must be a string' }
  if (!value.isWellFormed()) return { type: 'string_unicode', loc, msg: 'must be Unicode text' }
  const fault = check(value)
  return fault && { type: fault[0], loc, msg: `must be ${fault[1]}` }
}

/** The refusal of a body for a fault that is not of one field. */
export const wholeBody = (type: string, msg: string) =>
  new Rejection('validation_error', [{ type, loc: ['body'], msg }])

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Reads a body as UTF-8, or refuses it whole with a `validation_error`. */
export function decodeBody(body: Uint8Array): string | Rejection {
  try {
    return UTF8.decode(body)
  } catch {
    return wholeBody('unicode_invalid', 'body must be UTF-8')
  }
}

/** Reads a body's text as a JSON object, or refuses it whole with a `validation_error`. */
export function parseObject(text: string): Record<string, unknown> | Rejection {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return wholeBody('json_invalid', 'body must be JSON, not nested too deeply')
  }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject
    ? (value as Record<string, unknown>)
    : wholeBody('object_type', 'body must be a JSON object')
}

/**
 * Reads a verified delivery's body as a message, by the rules of the contract for POST /webhook.
 * No value is coerced and unknown fields are ignored. Returns a `validation_error` that lists
 * every field at fault, without the values.
 */
export function parseMessage(verified: Verified): Arrival | Rejection {
  const body = decodeBody(verified.body)
  if (body instanceof Rejection) return body
  const object = parseObject(body)
  if (object instanceof Rejection) return object
  const { message_id, from, to, ts, text = null } = object
  const idFault = faultOf('message_id', message_id, checkMessageId)
  const faults = [
    idFault,
    faultOf('from', from, checkParty),
    faultOf('to', to, checkParty),
    faultOf('ts', ts, checkTs),
    text === null ? undefined : faultOf('text', text, checkText),
  ].filter((fault) => fault !== undefined)
  if (faults.length > 0) {
    const known = idFault === undefined ? (message_id as string) : undefined
    return new Rejection('validation_error', faults.slice(0, FAULTS_MAX), known)
  }
  const { receivedAt } = verified
  return { message_id, from, to, ts, text, receivedAt } as Arrival
}
