import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { createCounter } from '../../src/metrics/counter.ts'
import { EXPOSITION_CONTENT_TYPE, renderExposition } from '../../src/metrics/exposition.ts'
import { createGauge } from '../../src/metrics/gauge.ts'
import { createRegistry } from '../../src/metrics/registry.ts'

test('names the text format 0.0.4 as its content type', () => {
  expect(EXPOSITION_CONTENT_TYPE).toBe('text/plain; version=0.0.4; charset=utf-8')
})

test('renders an empty registry as nothing', () => {
  expect(renderExposition(createRegistry())).toBe('')
})

test('escapes backslashes and line feeds in help, and leaves quotes there alone', () => {
  const registry = createRegistry()
  registry.register(createCounter({ name: 'a', help: 'C:\\new "x"\nnext', labels: ['l'] }))
  expect(renderExposition(registry)).toBe('# HELP a C:\\\\new "x"\\nnext\n# TYPE a counter\n')
})

test('escapes backslashes, quotes and line feeds in label values', () => {
  const registry = createRegistry()
  const counter = registry.register(createCounter({ name: 'a', help: 'A.', labels: ['l'] }))
  counter.labels('C:\\new "x"\nnext \u00e9').inc()
  expect(renderExposition(registry)).toEndWith('\na{l="C:\\\\new \\"x\\"\\nnext \u00e9"} 1\n')
})

test('writes any label value on one line from which it can be read back', () => {
  const value = fc.string({ unit: fc.constantFrom('\\', '"', '\n', 'n', 'a', '{', '}', ',', '=') })
  const unescaped = { '\\\\': '\\', '\\"': '"', '\\n': '\n' } as Record<string, string>
  fc.assert(
    fc.property(value, (written) => {
      const registry = createRegistry()
      registry.register(createCounter({ name: 'a', help: 'A.', labels: ['l'] })).labels(written)
      const lines = renderExposition(registry).split('\n')
      expect(lines).toHaveLength(4)
      const quoted = /^a\{l="((?:[^"\\]|\\[\\"n])*)"\} 0$/.exec(lines[2] ?? '')?.[1]
      expect(quoted?.replaceAll(/\\./g, (pair) => unescaped[pair] ?? '?')).toBe(written)
    }),
  )
})

test('writes infinities, NaN and very large and small numbers as the format has them', () => {
  const registry = createRegistry()
  const gauge = registry.register(createGauge({ name: 'a', help: 'A.' })).labels()
  for (const [value, written] of [
    [Infinity, '+Inf'],
    [-Infinity, '-Inf'],
    [NaN, 'NaN'],
    [1e21, '1e+21'],
    [1.5e-9, '1.5e-9'],
    [-2.25, '-2.25'],
    [1758000000.125, '1758000000.125'],
  ] as const) {
    gauge.set(value)
    expect(renderExposition(registry)).toEndWith(`\na ${written}\n`)
  }
})
