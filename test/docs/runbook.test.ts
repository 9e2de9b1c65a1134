import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ALERTS } from '../deploy/observed.ts'
import { ROOT, readDocument, tableRows } from './document.ts'

const HEADER = ['what', 'the operator sees', 'the sender sees', 'lost', 'do', 'shown by']

const rows = tableRows(readDocument('docs/operations.md'), HEADER)

const textOf = (pattern: string) =>
  [...new Bun.Glob(pattern).scanSync(ROOT)]
    .map((path) => readFileSync(join(ROOT, path), 'utf8'))
    .join('\n')

const testText = textOf('test/**/*.test.ts')
const sourceText = textOf('src/**/*.ts')

const codeIn = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code)

/** Whether a test has this name, as it stands behind `test(`, `test.each(...)(` and the like. */
function isTest(name: string): boolean {
  const literally = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`[(]\\s*(['"\`])${literally}\\1,\\s*(async )?[(]`).test(testText)
}

test('each failure of the runbook is shown by tests that are there by these names', () => {
  const shown = rows.map((row) => [row[0], codeIn(row[5] ?? '')] as const)
  expect(shown.filter(([, names]) => names.length === 0)).toEqual([])
  const absent = shown.flatMap(([, names]) => names).filter((name) => !isTest(name))
  expect(absent).toEqual([])
})

test('a name that no test has would be noticed', () => {
  expect(isTest('goes on by itself after $calls failed with $error')).toBe(true)
  expect(isTest('goes on by itself after $calls failed')).toBe(false)
  expect(isTest('SIGTERM')).toBe(false)
})

test('each failure says in every column what there is to say', () => {
  expect(rows.length).toBeGreaterThan(15)
  expect(rows.filter((row) => row.length !== HEADER.length || row.includes(''))).toEqual([])
})

test('each log line that the runbook names is one that the source writes', () => {
  const named = rows.flatMap(([, seen = '']) =>
    [...seen.matchAll(/\blog `([^`]+)`/g)].map(([, line = '']) => line),
  )
  expect(named.length).toBeGreaterThan(5)
  expect(named.filter((line) => !sourceText.includes(`'${line}'`))).toEqual([])
})

test('each alert that the runbook names is there', () => {
  const named = rows.flatMap((row) => codeIn(row.join(' '))).filter((code) => /^Ackbox/.test(code))
  expect(named).toContain('AckboxLogGrows')
  expect(named.filter((name) => !ALERTS.some(({ alert }) => alert === name))).toEqual([])
})
