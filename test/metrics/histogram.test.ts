import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { renderExposition } from '../../src/metrics/exposition.ts'
import { createHistogram } from '../../src/metrics/histogram.ts'
import { createRegistry } from '../../src/metrics/registry.ts'

const described = { name: 'wait_seconds', help: 'Wait.' }

test('renders cumulative buckets with inclusive bounds, sum and count', () => {
  const registry = createRegistry()
  const waits = registry.register(
    createHistogram({ ...described, labels: ['path'], bounds: [0.25, 1, 2.5] }),
  )
  for (const value of [0.125, 0.25, 0.5, 1, 2, 100]) waits.labels('/a').observe(value)
  expect(renderExposition(registry)).toBe(
    '# HELP wait_seconds Wait.\n' +
      '# TYPE wait_seconds histogram\n' +
      'wait_seconds_bucket{path="/a",le="0.25"} 2\n' +
      'wait_seconds_bucket{path="/a",le="1"} 4\n' +
      'wait_seconds_bucket{path="/a",le="2.5"} 5\n' +
      'wait_seconds_bucket{path="/a",le="+Inf"} 6\n' +
      'wait_seconds_sum{path="/a"} 103.875\n' +
      'wait_seconds_count{path="/a"} 6\n',
  )
})

test('counts in each bucket exactly the observations up to its bound', () => {
  const numbers = fc.array(fc.integer({ min: -50, max: 50 }))
  const bounds = fc.uniqueArray(fc.integer({ min: -50, max: 50 }), { maxLength: 12 })
  fc.assert(
    fc.property(numbers, bounds, (values, unordered) => {
      const ascending = unordered.toSorted((a, b) => a - b)
      const histogram = createHistogram({ ...described, bounds: ascending }).labels()
      for (const value of values) histogram.observe(value)
      const counts = [...ascending, Infinity].map((bound) => ({
        suffix: '_bucket' as const,
        bound: ['le', bound] as const,
        value: values.filter((value) => value <= bound).length,
      }))
      expect(histogram.samples().slice(0, -2)).toEqual(counts)
    }),
  )
})

test('leaves out observations that are not finite', () => {
  const histogram = createHistogram({ ...described, bounds: [1] }).labels()
  for (const value of [NaN, Infinity, -Infinity, 3]) histogram.observe(value)
  expect(histogram.samples().slice(-2)).toEqual([
    { suffix: '_sum', value: 3 },
    { suffix: '_count', value: 1 },
  ])
})

test('refuses bounds that are not finite and strictly ascending', () => {
  for (const bounds of [[2, 1], [1, 1], [NaN], [1, Infinity]]) {
    expect(() => createHistogram({ ...described, bounds })).toThrow('strictly ascending')
  }
})
