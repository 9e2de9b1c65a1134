import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { fold } from '../src/fold.ts'
import { text } from './support/arbitraries.ts'
import { createFolding } from './support/model.ts'

const CODE_POINTS = Array.from({ length: 0x110000 }, (_, n) => n)
  .filter((n) => n < 0xd800 || n > 0xdfff)
  .map((n) => String.fromCodePoint(n))

const CASED = CODE_POINTS.filter((c) =>
  /[\p{Changes_When_Casemapped}\p{Changes_When_Casefolded}]/u.test(c),
)

const hex = (list: readonly string[]) => list.map((c) => c.codePointAt(0)?.toString(16))

describe('fold, against the case folding of regular expressions', () => {
  test('leaves every code point without a case as it is', () => {
    const cased = new Set(CASED)
    const changed = CODE_POINTS.filter((c) => !cased.has(c) && fold(c) !== c)
    expect(hex(changed)).toEqual([])
    expect(CASED.length).toBeGreaterThan(2500)
  })

  test('puts two code points into one class exactly when they match ignoring case', () => {
    const all = CASED.join('')
    const folded = CASED.map(fold)
    const wrong = CASED.filter((c, n) => {
      const byRegExp = (all.match(new RegExp(c, 'giu')) ?? []).join('')
      return CASED.filter((_, other) => folded[other] === folded[n]).join('') !== byRegExp
    })
    expect(hex(wrong)).toEqual([])
  })

  test('agrees on every code point with a folding worked out another way', () => {
    const other = createFolding()
    const classes = new Map<string, string>()
    const wrong = CASED.filter((c) => {
      const known = classes.get(other(c)) ?? fold(c)
      classes.set(other(c), known)
      return known !== fold(c)
    })
    expect(hex(wrong)).toEqual([])
    expect(new Set(classes.values()).size).toBe(classes.size)
  })
})

describe('fold', () => {
  test('changes nothing the second time, for every code point', () => {
    expect(hex(CASED.filter((c) => fold(fold(c)) !== fold(c)))).toEqual([])
  })

  test('changes nothing the second time, for any text', () => {
    fc.assert(fc.property(text, (each) => fold(fold(each)) === fold(each)))
  })

  test('folds a text as its code points, whatever stands beside them', () => {
    fc.assert(fc.property(text, (each) => fold(each) === [...each].map(fold).join('')))
  })

  test.each([
    ['ß', 'ss'],
    ['ẞ', 'ss'],
    ['ﬃ', 'ffi'],
    ['ﬅ', 'st'],
    ['ς', 'σ'],
    ['ΟΔΟΣ', 'οδοσ'],
    ['İ', 'i\u0307'],
    ['ŉ', '\u02bcn'],
    ['ᾼ', 'αι'],
    ['և', 'եւ'],
    ['\u212a', 'k'],
    ['\u212b', 'å'],
    ['ſ', 's'],
    ['µ', 'μ'],
    ['ПРИВЕТ', 'привет'],
    ['École', 'école'],
    ['Straße STRASSE', 'strasse strasse'],
    ['\u{10400}', '\u{10428}'],
    ['A\0B', 'a\0b'],
  ])('folds %p to %p', (given, wanted) => {
    expect(fold(given)).toBe(wanted)
  })

  test('keeps dotless i apart from i', () => {
    expect(fold('ı')).toBe('ı')
    expect(fold('I')).toBe('i')
  })

  test('keeps accents, and composed apart from decomposed letters', () => {
    expect(fold('É')).toBe('é')
    expect(fold('E\u0301')).toBe('e\u0301')
    expect(fold('e')).not.toBe(fold('é'))
  })
})
