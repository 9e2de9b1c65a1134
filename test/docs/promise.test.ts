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

test('a table on the page of the promise is one of every attack, each of them kept', () => {
  const tables = PROMISE.text.split('<!-- prove').filter((text) => text.includes('| verdict |'))
  const rows = tables.map((text) => [...text.matchAll(ROW)].map(([, ...cells]) => cells))
  const kept = ATTACKS.map(({ title }) => [title, '0', '0', 'kept'])
  expect(rows).toEqual(tables.map(() => kept))
})
