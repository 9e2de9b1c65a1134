import { expect, test } from 'bun:test'
import { createCounter } from '../../src/metrics/counter.ts'
import { createGauge } from '../../src/metrics/gauge.ts'
import { createHistogram } from '../../src/metrics/histogram.ts'
import { createRegistry } from '../../src/metrics/registry.ts'
import { createSummary } from '../../src/metrics/summary.ts'

const help = 'Help.'

test('holds metrics in the order in which they were registered', () => {
  const registry = createRegistry()
  for (const name of ['b', 'a', 'c']) registry.register(createGauge({ name, help }))
  expect(registry.metrics().map(({ name }) => name)).toEqual(['b', 'a', 'c'])
})

test('refuses a name that is taken, whatever the kind', () => {
  const registry = createRegistry()
  registry.register(createCounter({ name: 'things', help }))
  expect(() => registry.register(createGauge({ name: 'things', help }))).toThrow(
    'metric things: the name things is taken by things',
  )
  expect(registry.metrics()).toHaveLength(1)
})

test('refuses a name that a series of another metric carries', () => {
  const registry = createRegistry()
  registry.register(createHistogram({ name: 'wait', help, bounds: [1] }))
  for (const name of ['wait_bucket', 'wait_sum', 'wait_count']) {
    expect(() => registry.register(createCounter({ name, help }))).toThrow('is taken by wait')
  }
  registry.register(createCounter({ name: 'size_count', help }))
  expect(() => registry.register(createSummary({ name: 'size', help, quantiles: [] }))).toThrow(
    'metric size: the name size_count is taken by size_count',
  )
})

test('refuses a name outside the alphabet of the data model', () => {
  const registry = createRegistry()
  for (const name of ['', '1a', 'a-b', 'a b', 'a\n', 'caf\u00e9']) {
    expect(() => registry.register(createGauge({ name, help }))).toThrow('not a metric name')
  }
  registry.register(createGauge({ name: '_a:B9', help }))
})

test('refuses a label name that is malformed, reserved or there twice', () => {
  const registry = createRegistry()
  const name = 'a'
  for (const [label, fault] of [
    ['', 'not a label name'],
    ['1a', 'not a label name'],
    ['a:b', 'not a label name'],
    ['a\n', 'not a label name'],
    ['__a', 'reserved for Prometheus'],
  ] as const) {
    expect(() => registry.register(createGauge({ name, help, labels: [label] }))).toThrow(fault)
  }
  const twice = createGauge({ name, help, labels: ['x', 'y', 'x'] })
  expect(() => registry.register(twice)).toThrow('metric a: label "x": twice')
  const bucketed = createHistogram({ name, help, labels: ['le'], bounds: [] })
  expect(() => registry.register(bucketed)).toThrow('reserved in a histogram')
  const ranked = createSummary({ name, help, labels: ['quantile'], quantiles: [] })
  expect(() => registry.register(ranked)).toThrow('reserved in a summary')
  registry.register(createGauge({ name, help, labels: ['le', 'quantile', '_x9'] }))
})

test('refuses a metric without help', () => {
  const registry = createRegistry()
  expect(() => registry.register(createGauge({ name: 'a', help: ' ' }))).toThrow('help text')
})
