import { expect, test } from 'bun:test'
import { ATTACKS } from '../../prove/attacks.ts'
import { sectionName } from '../../prove/document.ts'
import { readSettings } from '../../prove/settings.ts'
import { readDocument, tableRows } from './document.ts'

const PROMISE = readDocument('docs/promise.md')
const HEAD = ['attack', 'rounds', 'acknowledged', 'lost', 'doubled', 'verdict']

test('the page of the promise says of every attack what it does, and of no other', () => {
  const described = [...PROMISE.text.matchAll(/^- \*\*([a-z-]+)\*\*: /gm)].map(([, name]) => name)
  expect(described).toEqual(ATTACKS.map(({ name }) => name))
})

test('the page of the promise has a table of every attack, and each was kept', () => {
  const { text } = PROMISE
  const section = text.slice(
    text.indexOf(`<!-- ${sectionName(readSettings({}, ATTACKS, 1))}: begin`),
  )
  // Its cells are padded, so that it reads well on a terminal too.
  const plain = section.replaceAll(/ +\|/g, ' |').replaceAll(/\|-+/g, '|---')
  const rows = tableRows({ ...PROMISE, text: plain }, HEAD)
  expect(rows.map(([title]) => title)).toEqual(ATTACKS.map(({ title }) => title))
  const found = rows.map(([title, , , lost, doubled, verdict]) => [title, lost, doubled, verdict])
  expect(found).toEqual(ATTACKS.map(({ title }) => [title, '0', '0', 'kept']))
})
