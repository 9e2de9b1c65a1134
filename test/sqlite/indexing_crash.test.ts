import { Database } from 'bun:sqlite'
import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync } from 'node:fs'
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

const ROUNDS = 3

/** The index follows within a few; without it a round would never end. */
const BATCHES_MAX = 200

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

/** A number out of a database, which a child may have open. */
function numberIn(path: string, sql: string): number {
  const db = new Database(path, { readonly: true })
  try {
    db.run('PRAGMA busy_timeout = 5000')
    return Number(db.query(sql).values()[0]?.[0])
  } finally {
    db.close(true)
  }
}

/** The last message that the index of a store holds; 0 where it was never begun. */
function indexedThrough(path: string): number {
  if (!existsSync(`${path}.search`)) return 0
  const begun = numberIn(`${path}.search`, 'SELECT count(*) FROM sqlite_schema') > 0
  return begun ? numberIn(`${path}.search`, 'SELECT through FROM indexed') : 0
}

async function textsOf(store: Store): Promise<string[]> {
  const rows = await store.readAfter(0, Number.MAX_SAFE_INTEGER)
  return rows.flatMap(({ text }) => (text === null ? [] : [text]))
}

test('searches are exact after kill -9 in the middle of indexing, again and again', async () => {
  const path = folder.file('app.db')
  const fold = createFolding()
  let reached = 0
  let behind = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    await whileRunning(appending(path, round), async ({ next }) => {
      for (let n = 0; indexedThrough(path) <= reached; n += 1) {
        expect(n).toBeLessThan(BATCHES_MAX)
        await next()
      }
      // The index is at work on what came before this.
      await next()
    })
    expect({ round, differences: verify(path) }).toEqual({ round, differences: {} })
    const through = indexedThrough(path)
    // What was indexed stays so.
    expect(through).toBeGreaterThan(reached)
    reached = through
    if (through < numberIn(path, 'SELECT max(seq) FROM messages')) behind += 1
  }
  expect(behind).toBeGreaterThan(0)
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
