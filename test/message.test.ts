import { describe, expect, test } from 'bun:test'
import { type Arrival, parseMessage } from '../src/message.ts'
import { type Fault, Rejection } from '../src/outcome.ts'
import { verified } from './signature/verified.ts'

const VALID = {
  message_id: 'm1',
  from: '+919876543210',
  to: '+14155550100',
  ts: '2025-01-15T10:00:00Z',
  text: 'Hello',
}

/** VALID with one field changed; undefined leaves it out. */
const having = (field: string, value: unknown) => ({ ...VALID, [field]: value })

function accepted(body: string | Uint8Array | object): Arrival {
  const outcome = parseMessage(verified(body))
  if (outcome instanceof Rejection) throw new Error(JSON.stringify(outcome))
  return outcome
}

function faults(body: string | Uint8Array | object): readonly Fault[] {
  const outcome = parseMessage(verified(body))
  if (!(outcome instanceof Rejection)) throw new Error('the body was accepted')
  expect(outcome.result).toBe('validation_error')
  return outcome.faults
}

const EMOJI = '😀'

describe('parseMessage accepts', () => {
  test('the five fields as they were sent, with the time of arrival', () => {
    expect(accepted(VALID)).toEqual({ ...VALID, receivedAt: 1234 })
  })

  test.each([
    ['a message without text as text null', having('text', undefined), null],
    ['text null', having('text', null), null],
    ['an empty text', having('text', ''), ''],
  ])('%s', (_, body, text) => {
    expect(accepted(body).text).toBe(text)
  })

  test.each([
    ['an id of 1 code point', 'message_id', 'x'],
    ['an id of 256 emoji', 'message_id', EMOJI.repeat(256)],
    ['an id with white space around it, kept', 'message_id', ' a\n'],
    ['an id that is a NUL', 'message_id', '\0'],
    ['an id of slashes and percent signs', 'message_id', '../%2e%2e/?#'],
    ['an id in Arabic', 'message_id', 'رسالة'],
    ['from with 1 digit', 'from', '+1'],
    ['from with 32 digits', 'from', `+${'9'.repeat(32)}`],
    ['from with leading zeros', 'from', '+0001'],
    ['to with 32 digits', 'to', `+${'0'.repeat(32)}`],
    ['ts with 1 digit of fraction', 'ts', '2025-01-15T10:00:00.1Z'],
    ['ts with 6 digits of fraction', 'ts', '2025-01-15T10:00:00.123456Z'],
    ['ts on 29 February of a leap year', 'ts', '2024-02-29T23:59:59Z'],
    ['a text of 4096 letters', 'text', 'a'.repeat(4096)],
    ['a text of 4096 emoji', 'text', EMOJI.repeat(4096)],
    ['a text with NUL, quotes and newlines', 'text', 'a\0b"\'\\\n\r'],
    ['a text of half letters, half emoji, 4096 in all', 'text', `a${EMOJI}`.repeat(2048)],
  ] as const)('%s', (_, field, value) => {
    expect(accepted(having(field, value))[field]).toBe(value)
  })

  test('a message with other fields, and ignores them', () => {
    const body = { ...VALID, seq: 9, extra: { from: 1 }, toString: 'x' }
    expect(accepted(body)).toEqual({ ...VALID, receivedAt: 1234 })
  })

  test('a __proto__ field, and ignores it', () => {
    const body = JSON.stringify(VALID).replace('{', '{"__proto__":{"text":"x","from":7},')
    expect(accepted(body)).toEqual({ ...VALID, receivedAt: 1234 })
  })

  test('white space of JSON around the object', () => {
    expect(accepted(` \r\n\t${JSON.stringify(VALID)}\n`).message_id).toBe('m1')
  })

  test('escapes of JSON, a whole surrogate pair among them', () => {
    const body = JSON.stringify(VALID).replace('Hello', '\\ud83d\\ude00\\u0000\\/')
    expect(accepted(body).text).toBe('😀\0/')
  })

  test('duplicate keys, of which the last counts', () => {
    const body = JSON.stringify(VALID).replace('{', '{"message_id":7,"text":"first",')
    expect(accepted(body)).toMatchObject({ message_id: 'm1', text: 'Hello' })
  })

  test('a BOM inside a text', () => {
    expect(accepted(having('text', '\ufeffa')).text).toBe('\ufeffa')
  })
})

const LONE = ['\ud83d', '\ude00', 'a\ud83d', '\ude00\ud83d', '\ud83dx\ude00']

describe('parseMessage refuses, naming the field,', () => {
  test.each(['message_id', 'from', 'to', 'ts'])('a message without %s', (field) => {
    const fault = { type: 'missing', loc: ['body', field], msg: 'field required' }
    expect(faults(having(field, undefined))).toEqual([fault])
  })

  test.each(['message_id', 'from', 'to', 'ts'])('%s null', (field) => {
    const fault = { type: 'string_type', loc: ['body', field], msg: 'must be a string' }
    expect(faults(having(field, null))).toEqual([fault])
  })

  const KINDS = [7, 0, 919876543210, true, false, ['x'], [], {}, { a: 1 }]
  const typed = Object.keys(VALID).flatMap((field) => KINDS.map((kind) => [field, kind] as const))
  test.each(typed)('%s when it is %j, and coerces nothing', (field, kind) => {
    const fault = { type: 'string_type', loc: ['body', field], msg: 'must be a string' }
    expect(faults(having(field, kind))).toEqual([fault])
  })

  const halves = Object.keys(VALID).flatMap((field) => LONE.map((half) => [field, half] as const))
  test.each(halves)('%s with half a surrogate pair, %j', (field, half) => {
    expect(faults(having(field, half))).toMatchObject([
      { type: 'string_unicode', loc: ['body', field] },
    ])
  })

  test.each([
    ['an empty id', 'message_id', '', 'string_too_short'],
    ['an id of spaces', 'message_id', '   ', 'string_blank'],
    ['an id of tabs and newlines', 'message_id', '\t\r\n', 'string_blank'],
    ['an id of Unicode white space', 'message_id', '\u00a0\u2003\u3000\u0085', 'string_blank'],
    ['an id of 257 letters', 'message_id', 'a'.repeat(257), 'string_too_long'],
    ['an id of 257 emoji', 'message_id', EMOJI.repeat(257), 'string_too_long'],
    ['a text of 4097 letters', 'text', 'a'.repeat(4097), 'string_too_long'],
    ['a text of 4097 emoji', 'text', EMOJI.repeat(4097), 'string_too_long'],
    ['a text of 4096 emoji and a letter', 'text', `${EMOJI.repeat(4096)}a`, 'string_too_long'],
    ['ts on 30 February', 'ts', '2025-02-30T10:00:00Z', 'datetime_invalid'],
    ['ts in hour 24', 'ts', '2025-01-15T24:00:00Z', 'datetime_invalid'],
    ['ts in month 13', 'ts', '2025-13-15T10:00:00Z', 'datetime_invalid'],
    ['ts with 7 digits of fraction', 'ts', '2025-01-15T10:00:00.1234567Z', 'datetime_invalid'],
    ['ts with an offset', 'ts', '2025-01-15T10:00:00+00:00', 'datetime_invalid'],
    ['ts without a zone', 'ts', '2025-01-15T10:00:00', 'datetime_invalid'],
    ['ts with a newline behind', 'ts', '2025-01-15T10:00:00Z\n', 'datetime_invalid'],
    ['ts as a bare date', 'ts', '2025-01-15', 'datetime_invalid'],
    ['an empty ts', 'ts', '', 'datetime_invalid'],
  ])('%s', (_, field, value, type) => {
    expect(faults(having(field, value))).toMatchObject([{ type, loc: ['body', field] }])
  })

  const PARTIES = [
    ...['', '+', '919876543210', '++1', '+1a', '+ 1', ' +1', '+1 ', '+1\n', '\n+1', '+1\0'],
    ...['+1-2', '+1.5', '+1e3', '-1', '+٣٣٣', '+１２', '\uff0b12', `+${'1'.repeat(33)}`],
  ]
  const parties = ['from', 'to'].flatMap((field) => PARTIES.map((party) => [field, party] as const))
  test.each(parties)('%s when it is %j', (field, party) => {
    expect(faults(having(field, party))).toMatchObject([
      { type: 'string_pattern_mismatch', loc: ['body', field] },
    ])
  })
})
