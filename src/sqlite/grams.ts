/**
 * Three code points in a row, as two numbers that order grams by their first, second and third.
 * Each code point is its number plus 1 in 21 bits, so that 0 stands for the end of the text:
 * `high` is the first and the upper 11 bits of the second, `low` the other 10 and the third.
 */
export interface Gram {
  readonly high: number
  readonly low: number
}

/** Grams that lie side by side in their order; both ends are among them. */
export interface GramRange {
  readonly from: Gram
  readonly to: Gram
}

const CODE_BITS = 21
const CODE_MAX = 2 ** CODE_BITS - 1

/** How the second code is cut in two. */
const UPPER_BITS = 11
const LOWER_BITS = CODE_BITS - UPPER_BITS
const LOWER_MASK = 2 ** LOWER_BITS - 1

/** Code points of a gram. */
const GRAM_CODES = 3

/** Grams of a long needle that are asked for at most. */
const GRAMS_MAX = 32

/** The upper number of a gram with these first two codes. */
const highOf = (first: number, second: number) =>
  ((first << UPPER_BITS) | (second >>> LOWER_BITS)) >>> 0

/** The lower number of a gram with these last two codes. */
const lowOf = (second: number, third: number) =>
  (((second & LOWER_MASK) << CODE_BITS) | third) >>> 0

const gramOf = (first: number, second: number, third: number): Gram => ({
  high: highOf(first, second),
  low: lowOf(second, third),
})

const codesOf = (text: string) => Array.from(text, (point) => (point.codePointAt(0) ?? 0) + 1)

/**
 * The grams that a folded text is indexed by: one for each of its code points, with the two that
 * follow. So every sequence of up to three code points in it is one of these, or how one begins.
 * Calls `visit` for each; the same may come again.
 */
export function eachGram(text: string, visit: (high: number, low: number) => void): void {
  let first = 0
  let second = 0
  for (let at = 0; at < text.length; at += 1) {
    let third = text.charCodeAt(at)
    if (third >= 0xd800 && third < 0xdc00) {
      third = text.codePointAt(at) ?? 0
      if (third > 0xffff) at += 1
    }
    third += 1
    if (first > 0) visit(highOf(first, second), lowOf(second, third))
    first = second
    second = third
  }
  if (first > 0) visit(highOf(first, second), lowOf(second, 0))
  if (second > 0) visit(highOf(second, 0), lowOf(0, 0))
}

/**
 * What to ask the index for: a text with the folded needle in it has a gram of each range. Up to
 * three code points there is one range, and no other text has a gram of it.
 */
export function rangesOf(needle: string): GramRange[] {
  const codes = codesOf(needle)
  const [first = 0, second, third] = codes
  if (second === undefined) {
    return [{ from: gramOf(first, 0, 0), to: gramOf(first, CODE_MAX, CODE_MAX) }]
  }
  if (third === undefined) {
    return [{ from: gramOf(first, second, 0), to: gramOf(first, second, CODE_MAX) }]
  }
  const ranges = new Map<string, GramRange>()
  for (let at = 0; at + GRAM_CODES <= codes.length && ranges.size < GRAMS_MAX; at += 1) {
    const [a = 0, b = 0, c = 0] = codes.slice(at, at + GRAM_CODES)
    const gram = gramOf(a, b, c)
    ranges.set(`${gram.high} ${gram.low}`, { from: gram, to: gram })
  }
  return [...ranges.values()]
}

/** Whether the index alone says which texts have the needle in them. */
export const isExact = (needle: string) => codesOf(needle).length <= GRAM_CODES
