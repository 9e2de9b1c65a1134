import { expect, test } from 'bun:test'
import { renderExposition } from '../../src/metrics/exposition.ts'
import { collectGauge, createGauge } from '../../src/metrics/gauge.ts'
import { createRegistry } from '../../src/metrics/registry.ts'

test('renders what a gauge was set to, up and down', () => {
  const registry = createRegistry()
  const gauge = registry.register(createGauge({ name: 'depth', help: 'Depth.' })).labels()
  gauge.set(10)
  gauge.inc()
  gauge.dec(4)
  gauge.inc(0.5)
  gauge.dec()
  expect(renderExposition(registry)).toBe('# HELP depth Depth.\n# TYPE depth gauge\ndepth 6.5\n')
})

test('reads a collected gauge anew at each scrape', () => {
  const registry = createRegistry()
  const queue: string[] = []
  registry.register(collectGauge({ name: 'depth', help: 'Depth.', collect: () => queue.length }))
  expect(renderExposition(registry)).toBe('# HELP depth Depth.\n# TYPE depth gauge\ndepth 0\n')
  queue.push('a', 'b')
  expect(renderExposition(registry)).toEndWith('\ndepth 2\n')
})
