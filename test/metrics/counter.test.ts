import { expect, test } from 'bun:test'
import { collectCounter, createCounter } from '../../src/metrics/counter.ts'
import { renderExposition } from '../../src/metrics/exposition.ts'
import { createRegistry } from '../../src/metrics/registry.ts'

test('renders each child of a counter on its own line', () => {
  const registry = createRegistry()
  const things = registry.register(
    createCounter({ name: 'things_total', help: 'Things.', labels: ['colour', 'size'] }),
  )
  things.labels('red', '1').inc()
  things.labels('blue', '2').inc(2.5)
  things.labels('red', '1').inc()
  expect(renderExposition(registry)).toBe(
    '# HELP things_total Things.\n' +
      '# TYPE things_total counter\n' +
      'things_total{colour="red",size="1"} 2\n' +
      'things_total{colour="blue",size="2"} 2.5\n',
  )
})

test('shows a counter without labels at 0 before its first event', () => {
  const registry = createRegistry()
  registry.register(createCounter({ name: 'things_total', help: 'Things.' }))
  expect(renderExposition(registry)).toEndWith('\nthings_total 0\n')
})

test('never goes down', () => {
  const counter = createCounter({ name: 'things_total', help: 'Things.' }).labels()
  counter.inc(3)
  expect(() => counter.inc(-1)).toThrow(RangeError)
  expect(() => counter.inc(NaN)).toThrow(RangeError)
  expect(counter.samples()).toEqual([{ suffix: '', value: 3 }])
})

test('reads a collected counter anew at each scrape', () => {
  const registry = createRegistry()
  let cpuSeconds = 1.5
  registry.register(
    collectCounter({ name: 'cpu_seconds_total', help: 'CPU.', collect: () => cpuSeconds }),
  )
  expect(renderExposition(registry)).toEndWith(' counter\ncpu_seconds_total 1.5\n')
  cpuSeconds = 2
  expect(renderExposition(registry)).toEndWith('\ncpu_seconds_total 2\n')
})
