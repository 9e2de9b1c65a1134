import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { createCounter } from '../../src/metrics/counter.ts'
import { CHILDREN_MAX } from '../../src/metrics/family.ts'

const described = { name: 'things_total', help: 'Things.' }

test('gives the same child for the same label values and another for others', () => {
  const value = fc.string({ unit: fc.constantFrom('0', '1', '2', ':', 'a'), maxLength: 3 })
  const two = fc.tuple(value, value)
  fc.assert(
    fc.property(two, two, (one, other) => {
      const things = createCounter({ ...described, labels: ['a', 'b'] })
      expect(things.labels(...one)).toBe(things.labels(...one))
      const equal = one[0] === other[0] && one[1] === other[1]
      expect(things.labels(...one) === things.labels(...other)).toBe(equal)
    }),
    { numRuns: 500 },
  )
})

test('keeps apart values that would run together when joined', () => {
  const things = createCounter({ ...described, labels: ['a', 'b'] })
  expect(things.labels('ab', 'c')).not.toBe(things.labels('a', 'bc'))
  expect(things.labels('a:', 'b')).not.toBe(things.labels('a', ':b'))
  expect(things.labels('1:', '')).not.toBe(things.labels('', '1:'))
})

test('counts what comes after the last free child under other', () => {
  const things = createCounter({ ...described, labels: ['a', 'b'] })
  for (let value = 0; value < CHILDREN_MAX + 500; value += 1) things.labels(`${value}`, 'x').inc()
  things.labels('0', 'x').inc()
  const series = things.series()
  expect(series).toHaveLength(CHILDREN_MAX + 1)
  expect(series[0]?.samples).toEqual([{ suffix: '', value: 2 }])
  expect(series.at(-1)).toEqual({
    labelValues: ['other', 'other'],
    samples: [{ suffix: '', value: 500 }],
  })
})

test('uses a child that is called other anyway for the overflow', () => {
  const things = createCounter({ ...described, labels: ['a'], childrenMax: 2 })
  const other = things.labels('other')
  things.labels('x')
  expect(things.labels('y')).toBe(other)
  expect(things.series().map(({ labelValues }) => labelValues)).toEqual([['other'], ['x']])
})

test('takes unpaired surrogates for the one character they are written as', () => {
  const things = createCounter({ ...described, labels: ['a'] })
  expect(things.labels('\ud800')).toBe(things.labels('\udfff'))
})

test('refuses a wrong number of label values', () => {
  const things = createCounter({ ...described, labels: ['a', 'b'] })
  const one: string[] = ['x']
  const three: string[] = ['x', 'y', 'z']
  expect(() => Reflect.apply(things.labels, things, one)).toThrow('takes 2 label values, not 1')
  expect(() => Reflect.apply(things.labels, things, three)).toThrow('takes 2 label values, not 3')
})
