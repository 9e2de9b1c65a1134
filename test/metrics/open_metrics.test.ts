import { expect, test } from 'bun:test'
import { createCounter } from '../../src/metrics/counter.ts'
import { createGauge } from '../../src/metrics/gauge.ts'
import { createHistogram } from '../../src/metrics/histogram.ts'
import { OPEN_METRICS_CONTENT_TYPE, renderOpenMetrics } from '../../src/metrics/open_metrics.ts'
import { createRegistry } from '../../src/metrics/registry.ts'
import { createSummary } from '../../src/metrics/summary.ts'

const clock = () => 1_758_000_000.5

test('names OpenMetrics 1.0.0 as its content type', () => {
  expect(OPEN_METRICS_CONTENT_TYPE).toBe(
    'application/openmetrics-text; version=1.0.0; charset=utf-8',
  )
})

test('renders an empty registry as the end of the file', () => {
  expect(renderOpenMetrics(createRegistry())).toBe('# EOF\n')
})

test('names a counter without _total, its samples with it, and says since when it counts', () => {
  const registry = createRegistry()
  const options = { name: 'things_total', help: 'Say "a\\b".', labels: ['c'], clock } as const
  registry.register(createCounter(options)).labels('x"y').inc(3)
  expect(renderOpenMetrics(registry).split('\n')).toEqual([
    '# HELP things Say \\"a\\\\b\\".',
    '# TYPE things counter',
    'things_total{c="x\\"y"} 3',
    'things_created{c="x\\"y"} 1758000000.5',
    '# EOF',
    '',
  ])
})

test('gives a counter the suffix that it has to have', () => {
  const registry = createRegistry()
  registry.register(createCounter({ name: 'things', help: 'T.' }))
  expect(renderOpenMetrics(registry)).toBe(
    '# HELP things T.\n# TYPE things counter\nthings_total 0\n# EOF\n',
  )
})

test('writes whole bounds and quantiles as floats, and since when they count', () => {
  const registry = createRegistry()
  registry.register(createHistogram({ name: 'w', help: 'W.', bounds: [0.5, 1], clock }))
  registry.register(createSummary({ name: 's', help: 'S.', quantiles: [0.5, 1], clock }))
  const lines = renderOpenMetrics(registry).split('\n')
  expect(lines.filter((line) => !line.startsWith('#'))).toEqual([
    'w_bucket{le="0.5"} 0',
    'w_bucket{le="1.0"} 0',
    'w_bucket{le="+Inf"} 0',
    'w_sum 0',
    'w_count 0',
    'w_created 1758000000.5',
    's{quantile="0.5"} NaN',
    's{quantile="1.0"} NaN',
    's_sum 0',
    's_count 0',
    's_created 1758000000.5',
    '',
  ])
})

test('shows a gauge as it is, and one that ends in _info as an info', () => {
  const registry = createRegistry()
  registry.register(createGauge({ name: 'depth', help: 'D.', clock }))
  registry
    .register(createGauge({ name: 'a_info', help: 'A.', labels: ['v'] }))
    .labels('1')
    .set(1)
  expect(renderOpenMetrics(registry)).toBe(
    '# HELP depth D.\n# TYPE depth gauge\ndepth 0\n' +
      '# HELP a A.\n# TYPE a info\na_info{v="1"} 1\n# EOF\n',
  )
})
