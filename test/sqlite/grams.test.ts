import { describe, expect, test } from 'bun:test'
import { eachGram, type Gram, type GramRange, isExact, rangesOf } from '../../src/sqlite/grams.ts'

/** Code points at every edge of how they are written as numbers. */
const POINTS = [0, 1, 0x3e, 0x3fe, 0x3ff, 0x400, 0x7fe, 0x7ff, 0xfffd, 0x10000, 0x10ffff]

const textOf = (...points: number[]) => String.fromCodePoint(...points)

function gramsOf(text: string): Gram[] {
  const grams: Gram[] = []
  eachGram(text, (high, low) => void grams.push({ high, low }))
  return grams
}

const compare = (a: Gram, b: Gram) => a.high - b.high || a.low - b.low

const isIn = (gram: Gram, { from, to }: GramRange) =>
  compare(from, gram) <= 0 && compare(gram, to) <= 0

const hasAll = (text: string, needle: string) =>
  rangesOf(needle).every((range) => gramsOf(text).some((gram) => isIn(gram, range)))

/** Every sequence of so many of the code points. */
function sequences(length: number): number[][] {
  if (length === 0) return [[]]
  return sequences(length - 1).flatMap((before) => POINTS.map((point) => [...before, point]))
}

describe('grams', () => {
  test('are in the order of their code points, a shorter one first, and never the same', () => {
    // Without the last level the order of sequences is that of their beginnings.
    const grams = sequences(3).map((points) => gramsOf(textOf(...points))[0] as Gram)
    for (const [index, gram] of grams.entries()) {
      if (index > 0) expect(compare(grams[index - 1] as Gram, gram)).toBeLessThan(0)
    }
    const starts = sequences(2).map((points) => gramsOf(textOf(...points))[0] as Gram)
    for (const [index, gram] of starts.entries()) {
      expect(compare(gram, grams[index * POINTS.length] as Gram)).toBeLessThan(0)
    }
  })

  test('are one for each code point, down to the last of the text', () => {
    expect(gramsOf('')).toEqual([])
    expect(['a', 'ab', 'abc', 'abcd', 'a\u{1f600}b'].map((text) => gramsOf(text).length)).toEqual([
      1, 2, 3, 4, 3,
    ])
  })

  test('stay within 32 bits, so that they are exact as numbers', () => {
    for (const { high, low } of gramsOf(textOf(0x10ffff, 0x10ffff, 0x10ffff))) {
      expect(high).toBeLessThan(2 ** 32)
      expect(low).toBeLessThan(2 ** 31)
      expect(Math.min(high, low)).toBeGreaterThanOrEqual(0)
    }
  })
})

describe('what is asked for', () => {
  test('tells every text with up to three code points in it from one without', () => {
    for (const length of [1, 2, 3]) {
      for (const points of sequences(length).filter((_, index) => index % 7 === 0)) {
        const needle = textOf(...points)
        for (const other of POINTS) {
          const within = textOf(other) + needle + textOf(other)
          for (const text of [needle, needle + textOf(other), textOf(other) + needle, within]) {
            expect(hasAll(text, needle)).toBe(true)
          }
          const changed = textOf(...points.slice(1), other)
          expect(hasAll(changed, needle)).toBe(changed.includes(needle))
        }
        expect(isExact(needle)).toBe(true)
      }
    }
  })

  test('is met by every text with a longer needle in it, and is to be looked at', () => {
    expect(hasAll('the quick brown fox', 'quick b')).toBe(true)
    expect(hasAll('the quick brown fox', 'quick f')).toBe(false)
    expect(hasAll('quick, k b', 'quick b')).toBe(false)
    expect(isExact('quic')).toBe(false)
  })

  test('is each gram of a long needle once, and no more than 32', () => {
    expect(rangesOf('aaaaaaa').length).toBe(1)
    const long = textOf(...Array.from({ length: 100 }, (_, n) => 0x4e00 + n))
    expect(rangesOf(long).length).toBe(32)
  })
})
