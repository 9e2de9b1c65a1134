import fc from 'fast-check'
import type { Arrival } from '../../src/message.ts'
import type { ListQuery } from '../../src/query.ts'
import { microseconds } from './model.ts'

/** Pieces of text on which matching goes wrong: many scripts, cases, quotes and wildcards. */
const PIECES = [
  ...['a', 'A', 'b', 'Z', 'ss', 'SS', 'ß', 'ẞ', 'ffi', 'FFI', 'ﬃ', 'ﬀ', 'ſ', 'st', 'ﬆ', 'ﬅ'],
  ...['i', 'I', 'ı', 'İ', 'i\u0307', 'k', '\u212a', 'å', '\u212b', 'ŉ', 'ǰ', 'Ǆ', 'ǅ', 'ǆ'],
  ...['σ', 'ς', 'Σ', 'ΟΔΟΣ', 'οδος', 'ΐ', '\u1fd3', 'ᾳ', 'ᾼ', 'αι', 'ΑΙ', '\u0345', 'µ', 'μ'],
  ...['привет', 'ПРИВЕТ', 'Ж', 'ж', 'ё', 'Ё', '\u0435\u0308', 'և', 'ԵՒ', 'ა', 'Ა', 'Ꭰ', 'ꭰ'],
  ...['你', '好', '你好', 'مرحبا', 'م', 'שלום', 'हिन्दी', '한글', '\u1112\u1161', 'ก', 'カ'],
  ...['%', '_', '\\', '"', '*', "'", '%%', '\\_', '[', ']', '?', ';', '--', '(', ')', '^', '$'],
  ...['\0', '\n', '\r\n', '\t', ' ', '\u00a0', '\u200d', '\ufeff', '\uffff', '\u{10ffff}'],
  ...[
    'é',
    'e\u0301',
    'É',
    'E\u0301',
    '\u0301',
    '😀',
    '👩‍👩‍👧',
    '🇫🇷',
    '𐐀',
    '𐐨',
    '\u{1e900}',
    '\u{1e922}',
  ],
]

/** Ids whose order differs between bytes, UTF-16 units and letters, few enough to collide. */
const ID_PIECES = ['a', 'b', 'B', 'é', '\uff5e', '\ue000', '\uffff', '😀', '\u{10000}', '\0', ' a']

const SENDERS = ['+1', '+12', '+2', '+10', '+919876543210', '+1'.padEnd(33, '0')]

const SECONDS = [
  ...['0001-01-01T00:00:00', '1969-12-31T23:59:59', '1970-01-01T00:00:00', '2024-02-29T12:00:00'],
  ...['2025-01-15T09:59:59', '2025-01-15T10:00:00', '2025-01-15T10:00:01', '9999-12-31T23:59:59'],
]

const FRACTIONS = [
  '',
  '.5',
  '.500',
  '.500000',
  '.000001',
  '.05',
  '.0',
  '.999999',
  '.4999',
  '.500001',
]

const joined = (pieces: string[], maxLength: number, minLength = 0) =>
  fc.array(fc.constantFrom(...pieces), { minLength, maxLength }).map((list) => list.join(''))

/** A text of one message: pieces that matter, or any code points at all. */
export const text = fc.oneof(
  { weight: 4, arbitrary: joined(PIECES, 8) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
)

const ts = fc
  .tuple(fc.constantFrom(...SECONDS), fc.constantFrom(...FRACTIONS))
  .map(([seconds, fraction]) => `${seconds}${fraction}Z`)

const sender = fc.constantFrom(...SENDERS)

/** An arrival whose id, sender and time often equal another's. */
export const anyArrival: fc.Arbitrary<Arrival> = fc.record({
  message_id: joined(ID_PIECES, 4, 1),
  from: sender,
  to: sender,
  ts,
  text: fc.option(text, { freq: 8 }),
  receivedAt: fc.integer({ min: 0, max: 4_000_000_000_000 }),
})

/** Batches of arrivals, as the committer hands them on. */
export const batches = fc.array(fc.array(anyArrival, { minLength: 1, maxLength: 25 }), {
  maxLength: 4,
})

const CASINGS = [
  (needle: string) => needle,
  (needle: string) => needle.toUpperCase(),
  (needle: string) => needle.toLowerCase(),
]

/** A needle: cut out of one of these texts and its case changed, or made of pieces. */
function needleIn(texts: readonly string[]): fc.Arbitrary<string> {
  const made = joined(PIECES, 2, 1)
  if (texts.length === 0) return made
  const cut = fc
    .tuple(fc.constantFrom(...texts), fc.nat(8), fc.integer({ min: 1, max: 4 }))
    .map(([whole, start, length]) => [...whole].slice(start, start + length).join(''))
  const cased = fc.tuple(cut, fc.constantFrom(...CASINGS)).map(([needle, change]) => change(needle))
  return fc.oneof(
    made,
    cased.filter((needle) => needle !== ''),
  )
}

const since = fc
  .tuple(ts, fc.constantFrom(-1n, 0n, 1n))
  .map(([start, shift]) => microseconds(start) + shift)

const offset = fc.oneof(fc.bigInt(0n, 12n), fc.constantFrom(99n, 2n ** 63n, 10n ** 30n))

/** A list query whose filters often match something of these arrivals. */
export function listQueryFor(arrivals: readonly Arrival[]): fc.Arbitrary<ListQuery> {
  const texts = arrivals.map((each) => each.text ?? '').filter((each) => each !== '')
  const parts = { from: sender, since, q: needleIn(texts) }
  const filters = fc.record(parts, { requiredKeys: [] })
  return fc
    .tuple(fc.integer({ min: 1, max: 100 }), offset, filters)
    .map(([limit, start, filter]) => ({ limit, offset: start, ...filter }))
}
