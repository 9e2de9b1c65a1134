import { heapStats } from 'bun:jsc'
import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { renderExposition } from '../../src/metrics/exposition.ts'
import { createRegistry } from '../../src/metrics/registry.ts'
import { createSummary, OBSERVATIONS_MAX } from '../../src/metrics/summary.ts'

const described = { name: 'latency_ms', help: 'Latency.', quantiles: [0.5, 0.9, 0.99] }

test('renders quantiles by nearest rank, sum and count', () => {
  const registry = createRegistry()
  const latency = registry.register(createSummary(described)).labels()
  for (let value = 100; value >= 1; value -= 1) latency.observe(value)
  expect(renderExposition(registry)).toBe(
    '# HELP latency_ms Latency.\n' +
      '# TYPE latency_ms summary\n' +
      'latency_ms{quantile="0.5"} 50\n' +
      'latency_ms{quantile="0.9"} 90\n' +
      'latency_ms{quantile="0.99"} 99\n' +
      'latency_ms_sum 5050\n' +
      'latency_ms_count 100\n',
  )
})

test('shows NaN quantiles while nothing was observed', () => {
  const registry = createRegistry()
  registry.register(createSummary(described))
  expect(renderExposition(registry)).toEndWith(
    'latency_ms{quantile="0.5"} NaN\n' +
      'latency_ms{quantile="0.9"} NaN\n' +
      'latency_ms{quantile="0.99"} NaN\n' +
      'latency_ms_sum 0\n' +
      'latency_ms_count 0\n',
  )
})

// The definition, read literally: the smallest value that at least this share does not exceed.
function quantileOf(values: readonly number[], quantile: number): number {
  const ascending = values.toSorted((a, b) => a - b)
  const reached = (candidate: number) =>
    values.filter((value) => value <= candidate).length >= quantile * values.length
  return ascending.find(reached) ?? NaN
}

test('agrees with a sorted model of the latest observations', () => {
  const observed = fc.array(fc.integer({ min: -1000, max: 1000 }), { maxLength: 60 })
  const size = fc.integer({ min: 1, max: 40 })
  const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 })
  fc.assert(
    fc.property(observed, size, shares, (values, observationsMax, quantiles) => {
      const summary = createSummary({ ...described, quantiles, observationsMax }).labels()
      for (const value of values) summary.observe(value)
      const latest = values.slice(-observationsMax)
      expect(summary.samples()).toEqual([
        ...quantiles.map((quantile) => ({
          suffix: '' as const,
          bound: ['quantile', quantile] as const,
          value: quantileOf(latest, quantile),
        })),
        { suffix: '_sum', value: values.reduce((sum, value) => sum + value, 0) },
        { suffix: '_count', value: values.length },
      ])
    }),
  )
})

test('keeps its memory through a million observations', () => {
  const summary = createSummary(described).labels()
  Bun.gc(true)
  const before = heapStats()
  for (let value = 0; value < 1_000_000; value += 1) summary.observe(value)
  Bun.gc(true)
  const after = heapStats()
  const grown = after.heapSize + after.extraMemorySize - before.heapSize - before.extraMemorySize
  expect(grown).toBeLessThan(2_000_000)
  const [median] = summary.samples()
  expect(median?.value).toBe(1_000_000 - OBSERVATIONS_MAX / 2 - 1)
})

test('leaves out observations that are not finite', () => {
  const summary = createSummary({ ...described, quantiles: [1] }).labels()
  for (const value of [NaN, 3, Infinity, -Infinity]) summary.observe(value)
  expect(summary.samples().map((sample) => sample.value)).toEqual([3, 3, 1])
})

test('refuses a quantile outside 0 to 1 and a window without room', () => {
  for (const quantile of [-0.1, 1.1, NaN]) {
    expect(() => createSummary({ ...described, quantiles: [quantile] })).toThrow('between 0 and 1')
  }
  for (const observationsMax of [0, -1, 1.5, NaN]) {
    expect(() => createSummary({ ...described, observationsMax })).toThrow('observationsMax')
  }
})
