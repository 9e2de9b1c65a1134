import fc from 'fast-check'
import type { Position } from '../../src/cursor.ts'
import type { Arrival } from '../../src/message.ts'
import type { ListQuery } from '../../src/query.ts'
import { arrival } from './messages.ts'
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

const SECOND = 1_000_000n
const HOUR = 3600n * SECOND
const DAY = 24n * HOUR
const YEAR = 365n * DAY

/** From where a set of messages spreads: around the epoch, around now, at both ends of time. */
const STARTS = [
  ...['0001-01-01T00:00:00Z', '1940-06-15T12:00:00Z', '1969-12-31T22:30:00.000001Z'],
  ...['2025-01-15T09:59:59Z'],
]

/** How far it spreads; with rows a step apart many share an instant, an hour or a day. */
const SPREADS = [
  { span: 3n * SECOND, step: SECOND },
  { span: 2n * HOUR, step: HOUR / 2n },
  { span: 30n * HOUR, step: HOUR },
  { span: 40n * DAY, step: 6n * HOUR },
  { span: 3n * YEAR, step: DAY },
  { span: 60n * YEAR, step: 100n * DAY },
] as const

/** Just before, at and just after an instant. */
const NEAR = fc.constantFrom(-1n, 0n, 0n, 1n)

/** The `ts` of an instant from year 1 on, in microseconds since the epoch. */
function timestamp(instant: bigint): string {
  const milliseconds = (instant - (((instant % 1000n) + 1000n) % 1000n)) / 1000n
  const fraction = String(instant - milliseconds * 1000n).padStart(3, '0')
  return new Date(Number(milliseconds)).toISOString().replace('Z', `${fraction}Z`)
}

/** Times of one set of messages: some tied, some at the edge of an hour or a day. */
function timesOf(start: string, { span, step }: (typeof SPREADS)[number]): fc.Arbitrary<string> {
  const first = microseconds(start)
  const edge = first - (((first % DAY) + DAY) % DAY) + DAY
  const steps = fc.tuple(fc.bigInt(0n, span / step), NEAR)
  return fc.oneof(
    fc.bigInt(0n, span).map((after) => timestamp(first + after)),
    steps.map(([count, near]) => timestamp(edge + count * step + near)),
    steps.map(([count]) => timestamp(first + count * step)),
  )
}

const times = fc.oneof(
  fc.constant(ts),
  fc.tuple(fc.constantFrom(...STARTS), fc.constantFrom(...SPREADS)).map((each) => timesOf(...each)),
)

const sender = fc.constantFrom(...SENDERS)

/** An arrival at one of these times, whose id and sender often equal another's. */
const arrivalAt = (time: fc.Arbitrary<string>): fc.Arbitrary<Arrival> =>
  fc.record({
    message_id: joined(ID_PIECES, 4, 1),
    from: sender,
    to: sender,
    ts: time,
    text: fc.option(text, { freq: 8 }),
    receivedAt: fc.integer({ min: 0, max: 4_000_000_000_000 }),
  })

const batchesAt = (time: fc.Arbitrary<string>) =>
  fc.array(fc.array(arrivalAt(time), { minLength: 1, maxLength: 25 }), { maxLength: 5 })

/** Batches of arrivals over seconds or over decades, as the committer hands them on. */
export const batches: fc.Arbitrary<Arrival[][]> = times.chain(batchesAt)

/** Batches to begin with, and more over the same time for later. */
export const batchesTwice: fc.Arbitrary<[Arrival[][], Arrival[][]]> = times.chain((time) =>
  fc.tuple(batchesAt(time), batchesAt(time)),
)

/** Batches whose senders, few more than /stats shows, tie and overtake one another. */
export const rivals: fc.Arbitrary<Arrival[][]> = fc
  .array(fc.array(fc.tuple(fc.nat(15), fc.nat(15)), { minLength: 1, maxLength: 12 }), {
    minLength: 1,
    maxLength: 15,
  })
  .map((sets) =>
    sets.map((set, n) =>
      set.map(([a, b], m) => arrival({ message_id: `${n}-${m}`, from: `+${Math.min(a, b)}` })),
    ),
  )

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

/** The instants of these arrivals and of some others, and what is beside them. */
function instantNear(arrivals: readonly Arrival[]): fc.Arbitrary<bigint> {
  const known = arrivals.map((each) => fc.constant(each.ts))
  const hours = [0n, 0n, 0n, -HOUR, HOUR]
  return fc
    .tuple(fc.oneof(ts, ...known), NEAR, fc.constantFrom(...hours))
    .map(([start, near, hour]) => microseconds(start) + near + hour)
}

/** Where a page may have ended: at one of these arrivals, or where there is none. */
function positionNear(arrivals: readonly Arrival[]): fc.Arbitrary<Position> {
  const position = (instant: bigint, messageId: string) => ({ instant, messageId })
  const known = arrivals.map((each) => position(microseconds(each.ts), each.message_id))
  const made = fc.tuple(instantNear(arrivals), joined(ID_PIECES, 4, 1)).map((each) => {
    return position(...each)
  })
  return fc.oneof(made, ...known.map((each) => fc.constant(each)))
}

function offsetWithin(rows: number): fc.Arbitrary<bigint> {
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant(0n) },
    { weight: 7, arbitrary: fc.bigInt(0n, BigInt(rows + 2)) },
    { weight: 1, arbitrary: fc.constantFrom(99n, 2n ** 63n, 10n ** 30n) },
  )
}

/** The filters and the order of a query that often match something of these arrivals. */
export function filtersFor(arrivals: readonly Arrival[]): fc.Arbitrary<Partial<ListQuery>> {
  const texts = arrivals.map((each) => each.text ?? '').filter((each) => each !== '')
  const instant = instantNear(arrivals)
  const order = { descending: fc.boolean() }
  const time = { since: instant, until: instant, ...order }
  const all = { from: sender, to: sender, q: needleIn(texts), ...time }
  return fc.oneof(fc.record(time, { requiredKeys: [] }), fc.record(all, { requiredKeys: [] }))
}

/** A list query, with or without a cursor, that often matches something of these arrivals. */
export function listQueryFor(arrivals: readonly Arrival[]): fc.Arbitrary<ListQuery> {
  const limit = fc.oneof(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 100 }))
  const required = { limit, offset: offsetWithin(arrivals.length) }
  const after = { after: positionNear(arrivals) }
  return fc
    .tuple(
      fc.record(required),
      filtersFor(arrivals),
      fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, fc.record(after)),
    )
    .map(([pages, filters, cursor]) => ({ ...pages, ...filters, ...cursor }))
}
