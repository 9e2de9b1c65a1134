import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { locate, memberText, type Place } from '../src/json_place.ts'

/** White space that JSON allows between its parts. */
const gap = fc.stringMatching(/^[ \t\r\n]{0,2}$/)

/** A text in quotes, some characters of it escaped that need not be. */
const quoted = fc
  .array(
    fc.oneof(
      fc.string({ maxLength: 4 }).map((text) => JSON.stringify(text)),
      fc.string({ unit: 'grapheme', maxLength: 3 }).map((text) => JSON.stringify(text)),
      fc.constantFrom('"\\""', '"\\\\"', '"\\\\\\""', '"\\u0061"', '"\\/"', '"}"', '"]"', '","'),
    ),
    { maxLength: 4 },
  )
  .map((parts) => `"${parts.map((part) => part.slice(1, -1)).join('')}"`)

const word = fc.oneof(
  fc.constantFrom('null', 'true', 'false', '-0', '1E+2', '12345678901234567890', '0.10'),
  fc.integer().map(String),
)

const join = (parts: readonly string[], open: string, close: string, space: string) =>
  `${open}${space}${parts.map((part) => `${part}${space}`).join(`,${space}`)}${close}`

/** JSON text of any shape, spaced in any way, with names that come twice. */
const { text: json } = fc.letrec<{ text: string }>((tie) => ({
  text: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    word,
    quoted,
    fc.tuple(fc.array(tie('text'), { maxLength: 4 }), gap).map(([parts, space]) => {
      return join(parts, '[', ']', space)
    }),
    fc
      .tuple(fc.array(fc.tuple(fc.oneof(quoted, fc.constant('"a"')), tie('text'))), gap)
      .map(([members, space]) => {
        const parts = members.map(([name, text]) => `${name}${space}:${space}${text}`)
        return join(parts, '{', '}', space)
      }),
  ),
}))

/** Compares a place and all that was found in it with what JSON.parse makes of the text. */
function expectSame(text: string, place: Place, value: unknown, depth: number): void {
  const own = text.slice(place.start, place.end)
  expect(own).toBe(own.trim())
  expect(JSON.parse(own)).toEqual(value)
  const isNest = depth > 0 && typeof value === 'object' && value !== null
  expect(place.elements !== undefined).toBe(isNest && Array.isArray(value))
  expect(place.members !== undefined).toBe(isNest && !Array.isArray(value))
  for (const [index, element] of (place.elements ?? []).entries()) {
    expectSame(text, element, (value as unknown[])[index], depth - 1)
  }
  for (const [name, member] of place.members ?? []) {
    expectSame(text, member, Object.getOwnPropertyDescriptor(value, name)?.value, depth - 1)
  }
  const found = place.elements?.length ?? place.members?.size ?? 0
  expect(found).toBe(isNest ? Object.keys(value).length : 0)
}

describe('locate', () => {
  test('finds in any text what JSON.parse finds, as deep as it is asked to', () => {
    fc.assert(
      fc.property(json, gap, gap, fc.integer({ min: 0, max: 5 }), (text, before, after, depth) => {
        const whole = `${before}${text}${after}`
        expectSame(whole, locate(whole, depth), JSON.parse(whole), depth)
      }),
      { numRuns: 3000 },
    )
  })

  test('comes to an end for any text that is cut off or is no JSON', () => {
    fc.assert(
      fc.property(json, fc.nat(), fc.constantFrom('', '"', '[', '}', '\\'), (text, at, put) => {
        const cut = at % (text.length + 1)
        for (const broken of [
          text.slice(0, cut),
          `${text.slice(0, cut)}${put}${text.slice(cut)}`,
        ]) {
          try {
            expect(locate(broken, 5).end).toBeGreaterThanOrEqual(0)
          } catch (error) {
            expect(error).toBeInstanceOf(SyntaxError)
          }
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('walks any depth of nesting that it does not look into', () => {
    const nested = '['.repeat(1_000_000) + ']'.repeat(1_000_000)
    const text = `{"a":${nested},"b":1}`
    const place = locate(text, 1).members?.get('a')
    expect([place?.start, place?.end]).toEqual([5, 5 + nested.length])
  })

  test('takes as long for a text of backslashes as for any other of its length', () => {
    const backslashes = JSON.stringify('\\"'.repeat(500_000))
    expect(locate(`[${backslashes}]`, 1).elements).toEqual([
      { start: 1, end: 1 + backslashes.length },
    ])
  })
})

test('the text of a member is that which was sent, number for number', () => {
  const text = '{"b": {"n": 1.0}, "a" : 12345678901234567890 ,"__proto__":[ ],"c\\u0064":"\\u00e9"}'
  expect(memberText(text, 'a')).toBe('12345678901234567890')
  expect(memberText(text, 'b')).toBe('{"n": 1.0}')
  expect(memberText(text, '__proto__')).toBe('[ ]')
  expect(memberText(text, 'cd')).toBe('"\\u00e9"')
  expect(memberText(text, 'toString')).toBeUndefined()
  expect(memberText('[]', 'length')).toBeUndefined()
})
