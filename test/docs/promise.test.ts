import { expect, test } from 'bun:test'
import { ATTACKS } from '../../prove/attacks.ts'
import { readDocument } from './document.ts'

const PROMISE = readDocument('docs/promise.md')

/** What a row of the table of a run says: an attack's title, three counts, lost, and a verdict. */
const ROW = /^\| ([^|]+?) +\| [0-9,-]+ +\| [0-9,-]+ +\| ([0-9,-]+) +\| ([0-9,-]+) +\| (\w+) +\|$/gm

test('the page of the promise says of every attack what it does, and of no other', () => {
  const described = [...PROMISE.text.matchAll(/^- \*\*([a-z-]+)\*\*: /gm)].map(([, name]) => name)
  expect(described).toEqual(ATTACKS.map(({ name }) => name))
})

test('a table on the page of the promise has attacks that there are, each of them kept', () => {
  const rows = [...PROMISE.text.matchAll(ROW)].map(([, ...cells]) => cells)
  expect(rows.length).toBeGreaterThan(0)
  const kept = ATTACKS.map(({ title }) => [title, '0', '0', 'kept'])
  expect(rows.filter((row) => !kept.some((each) => Bun.deepEquals(each, row)))).toEqual([])
})
