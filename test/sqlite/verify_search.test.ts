import { Database } from 'bun:sqlite'
import { afterAll, expect, test } from 'bun:test'
import { fold } from '../../src/fold.ts'
import { Harvest } from '../../src/sqlite/harvest.ts'
import { SegmentWriter } from '../../src/sqlite/segments.ts'
import { openFolder } from '../support/folder.ts'
import { makeStore, rebuild, various, verify } from './upkept.ts'

const MESSAGES = 300

const folder = openFolder()
afterAll(() => folder[Symbol.dispose]())

/** Does something by hand to the closed file of a search index. */
const byInSearch = (statement: string) => (path: string) => {
  using db = new Database(`${path}.search`)
  db.run(statement)
}

/** Puts an index of other texts, and perhaps of more of them, in the place of the right one. */
const withTexts = (change: (texts: (string | null)[]) => (string | null)[]) => (path: string) => {
  using db = new Database(':memory:')
  db.query('ATTACH ? AS search').run(`${path}.search`)
  db.run('DELETE FROM search.segments')
  db.run('DELETE FROM search.blocks')
  const harvest = new Harvest()
  for (const text of change(various(MESSAGES).map(({ text }) => text && fold(text)))) {
    harvest.add(text)
  }
  const segment = new SegmentWriter(db, 1, MESSAGES)
  harvest.writeTo(segment.blocks)
  segment.complete()
}

/** The same with another text for one message. */
const withText = (seq: number, text: (text: string | null) => string | null) =>
  withTexts((texts) => texts.with(seq - 1, text(texts[seq - 1] ?? null)))

/** Damage to a search index, and what is said of it. */
const DAMAGE: [what: string, harm: (path: string) => void, found: string][] = [
  [
    'a message without its grams',
    withText(1, () => null),
    '1 different: seq 1 lacks 7 of its 7 grams',
  ],
  [
    'a message without some grams',
    withText(1, (text) => text?.slice(1) ?? null),
    '1 different: seq 1 lacks 1 of its 7 grams',
  ],
  [
    'a message with a gram too many',
    withText(1, (text) => `!${text}`),
    '1 different: seq 1 has grams that are not in its text',
  ],
  [
    'a message without text',
    withText(5, () => ' '),
    '1 different: seq 5 has grams that are not in its text',
  ],
  [
    'a message in the search index that is not there',
    withTexts((texts) => [...texts, ' ']),
    '1 different: seq 301 is in it but should not be',
  ],
  [
    'messages that are in no segment',
    byInSearch('UPDATE segments SET last = 298'),
    'seq 298 is the last, not 300',
  ],
  [
    'a segment that begins too late',
    byInSearch('UPDATE segments SET first = 2, last = 301'),
    'segment 1 begins with 2, not 1',
  ],
  [
    'a segment without a block',
    byInSearch('DELETE FROM blocks'),
    'the search index has no block 0 of 1',
  ],
  [
    'a search index of another database',
    byInSearch("UPDATE indexed SET message_id = 'x'"),
    'made from another database',
  ],
]

test.each(DAMAGE)('verify finds %s, and nothing else, and rebuild mends it', (_, harm, found) => {
  const path = folder.file(`${crypto.randomUUID()}.db`)
  makeStore(path, MESSAGES)
  harm(path)
  expect(verify(path)).toEqual({ search: expect.stringContaining(found) as string })
  rebuild(path)
  expect(verify(path)).toEqual({})
})
