import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { isUtcInstant, parseInstant } from '../src/instant.ts'

const YEAR_1 = -62_135_596_800_000
const YEAR_9999_END = 253_402_300_799_999

describe('parseInstant reads', () => {
  test.each([
    ['the epoch', '1970-01-01T00:00:00Z', 0n],
    ['a time before the epoch', '1969-12-31T23:59:59.999999Z', -1n],
    ['the first second of year 1', '0001-01-01T00:00:00Z', BigInt(YEAR_1) * 1000n],
    ['the last microsecond of year 9999', '9999-12-31T23:59:59.999999Z', 253402300799999999n],
    ['29 February of a leap year', '2024-02-29T00:00:00Z', 1709164800000000n],
    ['29 February of a year divisible by 400', '2000-02-29T00:00:00Z', 951782400000000n],
    ['a fraction of 1 digit', '1970-01-01T00:00:00.1Z', 100000n],
    ['a fraction of 2 digits', '1970-01-01T00:00:00.12Z', 120000n],
    ['a fraction of 3 digits', '1970-01-01T00:00:00.123Z', 123000n],
    ['a fraction of 4 digits', '1970-01-01T00:00:00.1234Z', 123400n],
    ['a fraction of 5 digits', '1970-01-01T00:00:00.12345Z', 123450n],
    ['a fraction of 6 digits', '1970-01-01T00:00:00.123456Z', 123456n],
    ['a fraction with leading zeros', '1970-01-01T00:00:00.000001Z', 1n],
    ['an offset east of UTC', '1970-01-01T05:30:00+05:30', 0n],
    ['an offset west of UTC', '1969-12-31T16:00:00-08:00', 0n],
    ['an offset of zero', '1970-01-01T00:00:00.5-00:00', 500000n],
    ['the greatest offset', '1970-01-01T23:59:00+23:59', 0n],
  ])('%s', (_, given, wanted) => {
    expect(parseInstant(given)).toBe(wanted)
  })
})

const REFUSED = [
  ['an empty text', ''],
  ['30 February', '2024-02-30T00:00:00Z'],
  ['29 February of a common year', '2025-02-29T00:00:00Z'],
  ['29 February of a century that is no leap year', '1900-02-29T00:00:00Z'],
  ['31 April', '2025-04-31T00:00:00Z'],
  ['32 January', '2025-01-32T00:00:00Z'],
  ['day 0', '2025-01-00T00:00:00Z'],
  ['month 0', '2025-00-10T00:00:00Z'],
  ['month 13', '2025-13-01T00:00:00Z'],
  ['year 0000', '0000-01-01T00:00:00Z'],
  ['a year of 5 digits', '10000-01-01T00:00:00Z'],
  ['a signed year', '+002025-01-01T00:00:00Z'],
  ['hour 24', '2025-01-15T24:00:00Z'],
  ['minute 60', '2025-01-15T10:60:00Z'],
  ['second 60', '2016-12-31T23:59:60Z'],
  ['a fraction of 7 digits', '2025-01-15T10:00:00.1234567Z'],
  ['a fraction without digits', '2025-01-15T10:00:00.Z'],
  ['a fraction after a comma', '2025-01-15T10:00:00,5Z'],
  ['no zone', '2025-01-15T10:00:00'],
  ['a lower-case z', '2025-01-15T10:00:00z'],
  ['a lower-case t', '2025-01-15t10:00:00Z'],
  ['a space for the T', '2025-01-15 10:00:00Z'],
  ['a bare date', '2025-01-15'],
  ['no seconds', '2025-01-15T10:00Z'],
  ['the basic format', '20250115T100000Z'],
  ['a week date', '2025-W03-3T10:00:00Z'],
  ['an ordinal date', '2025-015T10:00:00Z'],
  ['an offset without a colon', '2025-01-15T10:00:00+0530'],
  ['an offset of hours alone', '2025-01-15T10:00:00+05'],
  ['an offset of 24 hours', '2025-01-15T10:00:00+24:00'],
  ['an offset of 60 minutes', '2025-01-15T10:00:00+05:60'],
  ['an offset after the Z', '2025-01-15T10:00:00Z+00:00'],
  ['a minus sign of typography', '2025-01-15T10:00:00\u221205:00'],
  ['a newline behind', '2025-01-15T10:00:00Z\n'],
  ['a newline before', '\n2025-01-15T10:00:00Z'],
  ['a NUL behind', '2025-01-15T10:00:00Z\0'],
  ['a space behind', '2025-01-15T10:00:00Z '],
  ['Arabic-Indic digits', '٢٠٢٥-٠١-١٥T١٠:٠٠:٠٠Z'],
  ['full-width digits', '２０２５-01-15T10:00:00Z'],
  ['Devanagari digits', '२०२५-01-15T10:00:00Z'],
] as const

describe('parseInstant and isUtcInstant refuse', () => {
  test.each(REFUSED)('%s', (_, given) => {
    expect(parseInstant(given)).toBeUndefined()
    expect(isUtcInstant(given)).toBe(false)
  })
})

describe('isUtcInstant', () => {
  test('takes an instant that ends in Z', () => {
    expect(isUtcInstant('2025-01-15T10:00:00.5Z')).toBe(true)
  })

  test('refuses a numeric offset, even of zero', () => {
    expect(isUtcInstant('2025-01-15T10:00:00+00:00')).toBe(false)
  })
})

const time = fc.tuple(
  fc.integer({ min: YEAR_1, max: YEAR_9999_END }),
  fc.integer({ min: 0, max: 999 }),
)

/** The time in UTC with six digits of fraction, less the trailing zeros that `cut` allows. */
function written([milliseconds, micros]: [number, number], cut: boolean): string {
  const full = new Date(milliseconds).toISOString().replace('Z', String(micros).padStart(3, '0'))
  return `${cut ? full.replace(/\.?0*$/, '') : full}Z`
}

const value = ([milliseconds, micros]: [number, number]) =>
  BigInt(milliseconds) * 1000n + BigInt(micros)

describe('parseInstant, of any time', () => {
  test('gives back the microseconds that were written', () => {
    fc.assert(
      fc.property(time, (each) => parseInstant(written(each, false)) === value(each)),
      { numRuns: 2000 },
    )
  })

  test('orders instants as the times they name', () => {
    const near = fc.tuple(fc.integer({ min: -3, max: 3 }), fc.constantFrom(0, 1, 10, 500, 999))
    const pair = fc.oneof(fc.tuple(time, time), fc.tuple(near, near))
    fc.assert(
      fc.property(pair, fc.boolean(), ([a, b], cut) => {
        const difference =
          (parseInstant(written(a, cut)) ?? 0n) - (parseInstant(written(b, cut)) ?? 0n)
        expect(difference).toBe(value(a) - value(b))
      }),
      { numRuns: 2000 },
    )
  })

  test('takes an offset away from the local time', () => {
    const minutes = fc.integer({ min: -1439, max: 1439 })
    const recent = fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * 1000)
    fc.assert(
      fc.property(recent, minutes, (milliseconds, east) => {
        const local = new Date(milliseconds + east * 60_000).toISOString().slice(0, 19)
        const [hours, rest] = [Math.floor(Math.abs(east) / 60), Math.abs(east) % 60]
        const clock = `${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`
        expect(parseInstant(`${local}${east < 0 ? '-' : '+'}${clock}`)).toBe(
          BigInt(milliseconds) * 1000n,
        )
      }),
      { numRuns: 1000 },
    )
  })
})
