import { Database } from 'bun:sqlite'
import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { openSqliteStore } from '../../src/sqlite/store.ts'
import type { Store } from '../../src/store.ts'
import { openFolder } from '../support/folder.ts'
import { listQuery } from '../support/messages.ts'
import { createFolding } from '../support/model.ts'
import { source, whileRunning } from './child.ts'
import { verify } from './upkept.ts'

// Above the deadlines of what is waited for, so that those say what did not happen.
setDefaultTimeout(60_000)

const folder = openFolder()
afterAll(() => folder[Symbol.dispose]())

const ROUNDS = 4

/** Chance decides where a kill falls: so many tries for one while the index is behind. */
const ROUNDS_MAX = 30

/** A program that stores texts in several scripts for ever, and says how many after each batch. */
const appending = (path: string, round: number) => `
  import { openSqliteStore } from '${source('src/sqlite/store.ts')}'
  import { various } from '${source('test/sqlite/upkept.ts')}'
  const every = (_, tick) => {
    const timer = setInterval(tick, 20)
    return () => clearInterval(timer)
  }
  const store = await openSqliteStore(${JSON.stringify(path)}, { every })
  for (let n = 0; ; n += 1) {
    const named = (each) => ({ ...each, message_id: '${round}-' + n + each.message_id })
    const answers = await store.append(various(700).map(named))
    console.log(answers.at(-1).seq)
  }
`

/** A number out of a database that nobody has open. */
function numberIn(path: string, sql: string): number {
  const db = new Database(path)
  try {
    return Number(db.query(sql).values()[0]?.[0])
  } finally {
    db.close(true)
  }
}

async function textsOf(store: Store): Promise<string[]> {
  const rows = await store.readAfter(0, Number.MAX_SAFE_INTEGER)
  return rows.flatMap(({ text }) => (text === null ? [] : [text]))
}

test('searches are exact after kill -9 in the middle of indexing, again and again', async () => {
  const path = folder.file('app.db')
  const fold = createFolding()
  const reached: number[] = []
  let behind = 0
  const enough = () => behind > 0 && (reached.at(-1) ?? 0) > 0
  for (let round = 0; round < ROUNDS || (!enough() && round < ROUNDS_MAX); round += 1) {
    await whileRunning(appending(path, round), async ({ next }) => {
      const batches = 4 + Math.floor(Math.random() * 8)
      for (let n = 0; n < batches; n += 1) await next()
    })
    expect({ round, differences: verify(path) }).toEqual({ round, differences: {} })
    // A kill may have come before the index was begun.
    const begun = numberIn(`${path}.search`, 'SELECT count(*) FROM sqlite_schema') > 0
    const through = begun ? numberIn(`${path}.search`, 'SELECT through FROM indexed') : 0
    reached.push(through)
    if (through < numberIn(path, 'SELECT max(seq) FROM messages')) behind += 1
  }
  // What was indexed stays so, and kills came while the index was behind.
  expect(behind).toBeGreaterThan(0)
  expect(reached).toEqual(reached.toSorted((a, b) => a - b))
  expect(reached.at(-1)).toBeGreaterThan(0)
  const store = await openSqliteStore(path)
  try {
    const texts = (await textsOf(store)).map(fold)
    for (const q of [
      'O',
      '6',
      '69',
      'lo 6',
      '\u4f60',
      '\u4f60\u597d',
      'привет 12',
      '\u00c9COLE',
      'no',
    ]) {
      const total = texts.filter((text) => text.includes(fold(q))).length
      expect({ q, total: (await store.list(listQuery({ q }))).total }).toEqual({ q, total })
    }
  } finally {
    await store.close()
  }
})
