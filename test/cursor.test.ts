import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { type Position, readCursor, writeCursor } from '../src/cursor.ts'
import { parseListQuery } from '../src/query.ts'

const SCOPE = '["+1",null]'

const POSITION: Position = { instant: 1_736_935_200_000_000n, messageId: 'm1' }

/** Every character that a URL takes as it is, and some that it does not. */
const CHARACTERS = [
  ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=',
  ...[' ', '%', '\0', '\n', 'é', '😀'],
]

/** Ids of any Unicode text; a half surrogate never gets past the webhook. */
const messageId = fc.string({ unit: 'binary', minLength: 1, maxLength: 256 })

const position: fc.Arbitrary<Position> = fc.record({
  instant: fc.bigInt(-62_135_596_800_000_000n, 253_402_300_799_999_999n),
  messageId,
})

const refused = (cursors: readonly string[], scope: string) =>
  expect(cursors.filter((cursor) => readCursor(cursor, scope) !== undefined)).toEqual([])

/** All texts that one changed, removed or added character makes of a text. */
function mistypes(text: string): string[] {
  const characters = [...text]
  return [...characters, ''].flatMap((character, n) => {
    const [before, after] = [text.slice(0, n), text.slice(n + 1)]
    const added = CHARACTERS.map((other) => before + other + text.slice(n))
    if (n === characters.length) return added
    const changed = CHARACTERS.filter((other) => other !== character)
    return [before + after, ...changed.map((other) => before + other + after), ...added]
  })
}

describe('a cursor', () => {
  test('gives back the position, with any id of Unicode and any instant', () => {
    const property = fc.property(position, fc.string(), (each, scope) => {
      const cursor = writeCursor(each, scope)
      expect(cursor).toMatch(/^[\w-]+$/)
      expect(readCursor(cursor, scope)).toEqual(each)
    })
    fc.assert(property, { numRuns: 2000 })
  })

  test('is refused with any one character changed, removed or added', () => {
    const ids = ['m1', '😀', 'a'.repeat(20)]
    for (const id of ids) {
      const cursor = writeCursor({ ...POSITION, messageId: id }, SCOPE)
      const wrong = mistypes(cursor)
      expect(wrong.length).toBeGreaterThan(5000)
      refused(wrong, SCOPE)
    }
  })

  test('is refused cut short, doubled, or put together from two', () => {
    const cursor = writeCursor(POSITION, SCOPE)
    const other = writeCursor({ ...POSITION, messageId: 'm2' }, SCOPE)
    const cuts = Array.from(cursor, (_, n) => n)
    refused(
      cuts.flatMap((n) => [cursor.slice(0, n), cursor.slice(n + 1)]),
      SCOPE,
    )
    refused([cursor + cursor, ` ${cursor}`, `${cursor}=`, cursor.toLowerCase()], SCOPE)
    const joins = cuts.map((n) => cursor.slice(0, n) + other.slice(n))
    refused(
      joins.filter((join) => join !== cursor && join !== other),
      SCOPE,
    )
  })

  test('is refused in another scope', () => {
    const property = fc.property(position, fc.string(), fc.string(), (each, scope, other) => {
      fc.pre(scope !== other)
      expect(readCursor(writeCursor(each, scope), other)).toBeUndefined()
    })
    fc.assert(property)
  })

  test('is refused, and nothing thrown, when it is any text at all', () => {
    const texts = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.base64String())
    const property = fc.property(texts, (cursor) => {
      expect(readCursor(cursor, SCOPE)).toBeUndefined()
    })
    fc.assert(property, { numRuns: 5000 })
  })
})

/** A cursor whose digest is right over a payload that writeCursor would never make. */
function forge(payload: string, scope: string): string {
  const encoded = Buffer.from(payload).toString('base64url')
  const digest = new Bun.CryptoHasher('sha256', 'cursor')
    .update(`ackbox cursor 1\n${scope}\n${encoded}`)
    .digest('base64url')
  return digest.slice(0, 16) + encoded
}

describe('a cursor that somebody makes up with a right digest', () => {
  test('is read where its payload is a position', () => {
    const [instant, messageId] = [-7n, 'm1 \n😀']
    expect(readCursor(forge('-7 m1 \n😀', SCOPE), SCOPE)).toEqual({ instant, messageId })
  })

  test.each([
    ...['', ' ', '7', '7 ', ' m1', '  m1', 'm1', ' 7 m1', '\n7 m1', '7\nm1', '+7 m1', '- m1'],
    ...['1.5 m1', '0x10 m1', '1e3 m1', '1_0 m1', '\u0661 m1', '[', '["7","m1"]', 'null'],
    ...[`${2n ** 63n} m1`, `-${2n ** 63n} m1`, `${'9'.repeat(400)} m1`],
  ])('is refused where its payload is %p', (payload) => {
    expect(readCursor(forge(payload, SCOPE), SCOPE)).toBeUndefined()
  })
})

const ask = (search: string) => parseListQuery(new URLSearchParams(search))

/** The query that a search asks for, or its faults. */
function parse(search: string) {
  const asked = ask(search)
  return 'query' in asked ? asked.query : asked
}

/** The cursor that leads on from a page of what a search asks for; throws where it has faults. */
function cursorOf(search: string, end: Position): string {
  const asked = ask(search)
  if ('query' in asked) return asked.cursorOf(end)
  throw new Error(JSON.stringify(asked))
}

const QUERY = 'from=%2B1&to=%2B2&q=tea&since=2025-01-15T10:00:00Z&until=2025-01-16T10:00:00Z'

const CURSOR = cursorOf(QUERY, POSITION)

const FAULT = [{ type: 'cursor_invalid', loc: ['query', 'cursor'], msg: expect.any(String) }]

describe('the cursor of a query', () => {
  test.each([
    ['the query itself', QUERY],
    ['the order that is the default, spelt out', `${QUERY}&order=asc`],
    ['another limit', `${QUERY}&limit=7`],
    ['an offset of 0', `${QUERY}&offset=0`],
    ['the same instants written another way', QUERY.replace('10:00:00Z', '15:30:00%2B05:30')],
    ['a raw plus', QUERY.replace('from=%2B', 'from=+')],
    ['an unknown parameter', `${QUERY}&colour=red`],
  ])('is taken with %s', (_, search) => {
    expect(parse(`${search}&cursor=${CURSOR}`)).toMatchObject({ after: POSITION })
  })

  test.each([
    ['the other order', `${QUERY}&order=desc`],
    ['another sender', QUERY.replace('from=%2B1', 'from=%2B12')],
    ['no sender', QUERY.replace('from=%2B1', '')],
    ['another recipient', QUERY.replace('to=%2B2', 'to=%2B1')],
    ['sender and recipient swapped', `${QUERY}&from=%2B2&to=%2B1`],
    ['another needle', QUERY.replace('tea', 'te')],
    ['a needle of another case', QUERY.replace('tea', 'Tea')],
    ['another since', QUERY.replace('10:00:00Z', '10:00:00.000001Z')],
    ['no until', QUERY.replace('until', 'unknown')],
    ['no filter', ''],
  ])('is refused with %s', (_, search) => {
    expect(parse(`${search}&cursor=${CURSOR}`)).toEqual(FAULT)
  })

  test('is refused together with an offset', () => {
    const loc = ['query', 'offset']
    const faults = [{ type: 'cursor_invalid', loc, msg: expect.any(String) }]
    expect(parse(`${QUERY}&offset=1&cursor=${CURSOR}`)).toEqual(faults)
  })

  test('is no cursor when it is empty', () => {
    expect(parse(`${QUERY}&cursor=${CURSOR}&cursor=`)).not.toHaveProperty('after')
  })

  test('is refused without repeating it', () => {
    expect(JSON.stringify(parse(`cursor=${CURSOR}`))).not.toContain(CURSOR)
  })
})
