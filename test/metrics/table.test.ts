import { expect, test } from 'bun:test'
import { renderExposition } from '../../src/metrics/exposition.ts'
import { createRegistry } from '../../src/metrics/registry.ts'
import { createMetrics, type MetricTable } from '../../src/metrics/table.ts'

const described = { help: 'Help.', labels: [] } as const
const TABLE = {
  things: { kind: 'counter', name: 'things_total', help: 'Things.', labels: ['colour'] },
  wait: { ...described, kind: 'histogram', name: 'wait_seconds', bounds: [1] },
  latency: { ...described, kind: 'summary', name: 'latency_ms', quantiles: [0.5] },
  level: { ...described, kind: 'gauge', name: 'level' },
  depth: { ...described, kind: 'gauge', name: 'depth', collected: true },
  cpu: { ...described, kind: 'counter', name: 'cpu_seconds_total', collected: true },
} as const satisfies MetricTable

test('makes each row as the kind it names, in the order of the table', () => {
  const registry = createRegistry()
  const handles = createMetrics(registry, TABLE, { depth: () => 7, cpu: () => 8 })
  handles.things.labels('red').inc()
  handles.wait.observe(2)
  handles.latency.observe(3)
  handles.level.set(4)
  expect(Object.keys(handles)).toEqual(['things', 'wait', 'latency', 'level'])
  const lines = renderExposition(registry).split('\n')
  expect(lines.filter((line) => !line.startsWith('# HELP'))).toEqual([
    '# TYPE things_total counter',
    'things_total{colour="red"} 1',
    '# TYPE wait_seconds histogram',
    'wait_seconds_bucket{le="1"} 0',
    'wait_seconds_bucket{le="+Inf"} 1',
    'wait_seconds_sum 2',
    'wait_seconds_count 1',
    '# TYPE latency_ms summary',
    'latency_ms{quantile="0.5"} 3',
    'latency_ms_sum 3',
    'latency_ms_count 1',
    '# TYPE level gauge',
    'level 4',
    '# TYPE depth gauge',
    'depth 7',
    '# TYPE cpu_seconds_total counter',
    'cpu_seconds_total 8',
    '',
  ])
})

test('refuses a collected row without its function', () => {
  const table: MetricTable = { depth: TABLE.depth }
  expect(() => createMetrics(createRegistry(), table, {})).toThrow(
    'metric depth: no function to collect it by',
  )
})
