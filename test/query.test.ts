import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { parseInstant } from '../src/instant.ts'
import { type ListQuery, parseListQuery } from '../src/query.ts'

/** The query that a search asks for, or its faults. */
function parse(search: string) {
  const asked = parseListQuery(new URLSearchParams(search))
  return 'query' in asked ? asked.query : asked
}

const DEFAULTS: ListQuery = { limit: 50, offset: 0n }

const MS = 1_736_935_200_000n

describe('parseListQuery reads', () => {
  test.each([
    ['nothing as the defaults', '', {}],
    ['the smallest limit', 'limit=1', { limit: 1 }],
    ['the greatest limit', 'limit=100', { limit: 100 }],
    ['a limit with leading zeros', 'limit=007', { limit: 7 }],
    ['an offset', 'offset=12', { offset: 12n }],
    [
      'an offset of 40 digits to the last one',
      `offset=${'9'.repeat(40)}`,
      { offset: 10n ** 40n - 1n },
    ],
    ['a sender with an encoded plus', 'from=%2B919876543210', { from: '+919876543210' }],
    ['a sender with a raw plus', 'from=+919876543210', { from: '+919876543210' }],
    ['a sender without a plus as it is', 'from=919', { from: '919' }],
    ['since in UTC', 'since=2025-01-15T10:00:00Z', { since: MS * 1000n }],
    ['since with a fraction', 'since=2025-01-15T10:00:00.000001Z', { since: MS * 1000n + 1n }],
    ['since with an encoded offset', 'since=2025-01-15T15:30:00%2B05:30', { since: MS * 1000n }],
    ['since with a raw plus', 'since=2025-01-15T15:30:00+05:30', { since: MS * 1000n }],
    ['since west of UTC', 'since=2025-01-15T02:00:00-08:00', { since: MS * 1000n }],
    ['a needle of wildcards and quotes', 'q=%25_%5C%22*%27', { q: '%_\\"*\'' }],
    ['a raw plus in a needle as a space', 'q=a+b', { q: 'a b' }],
    ['a needle of a space', 'q=+', { q: ' ' }],
    ['a needle with a NUL', 'q=a%00b', { q: 'a\0b' }],
    ['all filters together', 'q=a&from=%2B1&limit=2', { q: 'a', from: '+1', limit: 2 }],
    ['an empty needle as no filter', 'q=', {}],
    ['an empty sender as no filter', 'from=', {}],
    ['an empty since as no filter', 'since=', {}],
    ['a parameter without a value as no filter', 'q&from&since', {}],
    ['the last of a repeated limit', 'limit=abc&limit=3', { limit: 3 }],
    ['the last of a repeated filter', 'q=a&q=b', { q: 'b' }],
    ['an empty last filter as no filter', 'q=a&q=', {}],
    ['unknown parameters as nothing', 'page=2&Limit=x&__proto__=1&LIMIT=0', {}],
  ])('%s', (_, search, wanted) => {
    expect(parse(search)).toEqual({ ...DEFAULTS, ...wanted })
  })
})

const NO_INTEGERS = [
  ...['', '%20', '-1', '%2B1', '+1', '1+', '1.5', '1.0', '1e1', '0x10', '0b1', '0o7', 'abc', '1a'],
  ...['1_0', '1,0', 'NaN', 'Infinity', 'null', '1%0A', '1%00', '%D9%A3', '%EF%BC%91', '--1'],
]

const NO_INSTANTS = [
  ...['yesterday', '2025-01-15', '1736935200', '2025-01-15T10:00:00', '2025-02-30T10:00:00Z'],
  ...['2025-01-15T24:00:00Z', '2025-01-15T10:00:00.1234567Z', '2025-01-15T10:00:00%2B0530'],
  ...['2025-01-15T10:00:00%2B24:00', '2025-01-15T10:00:00Z%0A', '+', '2025-01-15+10:00:00Z'],
]

describe('parseListQuery refuses', () => {
  test.each([...NO_INTEGERS, '0', '101', '9'.repeat(40)])('limit=%s', (value) => {
    const msg = 'must be a plain decimal integer from 1 to 100'
    const fault = { type: 'integer_invalid', loc: ['query', 'limit'], msg }
    expect(parse(`limit=${value}`)).toEqual([fault])
  })

  test.each(NO_INTEGERS)('offset=%s', (value) => {
    const msg = 'must be a plain decimal integer of 0 or more'
    const fault = { type: 'integer_invalid', loc: ['query', 'offset'], msg }
    expect(parse(`offset=${value}`)).toEqual([fault])
  })

  test.each(NO_INSTANTS)('since=%s', (value) => {
    const faults = parse(`since=${value}`)
    expect(faults).toMatchObject([{ type: 'datetime_invalid', loc: ['query', 'since'] }])
  })

  test('every parameter at fault at once', () => {
    const faults = parse('limit=x&offset=y&since=z&q=fine')
    expect(faults).toMatchObject(
      ['limit', 'offset', 'since'].map((name) => ({ loc: ['query', name] })),
    )
  })

  test('a value without repeating it', () => {
    expect(JSON.stringify(parse('limit=Qx7&offset=Qx7&since=Qx7'))).not.toContain('Qx7')
  })
})

describe('parseListQuery, of any query', () => {
  test('gives back the filters that were encoded', () => {
    const text = fc.string({ unit: 'binary', minLength: 1 }).filter((each) => !each.startsWith(' '))
    const ts = '2025-01-15T10:00:00.5Z'
    const parts = fc.record({
      limit: fc.integer({ min: 1, max: 100 }),
      offset: fc.bigInt(0n, 10n ** 30n),
      q: text,
      from: text,
    })
    fc.assert(
      fc.property(parts, ({ limit, offset, q, from }) => {
        const values = new URLSearchParams({
          limit: `${limit}`,
          offset: `${offset}`,
          q,
          from,
          since: ts,
        })
        const since = parseInstant(ts) ?? 0n
        expect(parse(`${values}`)).toEqual({
          limit,
          offset,
          q,
          from,
          since,
        })
      }),
    )
  })
})
