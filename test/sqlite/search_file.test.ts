import { Database } from 'bun:sqlite'
import { afterAll, describe, expect, test } from 'bun:test'
import { copyFileSync, mkdirSync } from 'node:fs'
import { Indexer } from '../../src/sqlite/indexer.ts'
import { closeSearch, openIndexing } from '../../src/sqlite/search_file.ts'
import { openSqliteStore } from '../../src/sqlite/store.ts'
import { openFolder } from '../support/folder.ts'
import { arrival, listQuery } from '../support/messages.ts'
import { makeStore } from './upkept.ts'

const folder = openFolder()
afterAll(() => folder[Symbol.dispose]())

function newStore(): string {
  const path = folder.file(`${crypto.randomUUID()}.db`)
  makeStore(path, 90)
  return path
}

/** Up to which message an index that is opened now knows them, in this start of the machine. */
function reopened(path: string, boot: string | null): number {
  const db = openIndexing(path, boot)
  try {
    return db.query<{ n: number }, []>('SELECT through AS n FROM search.indexed').get()?.n ?? -1
  } finally {
    closeSearch(db)
  }
}

/** What is left where a process ended that had the index open in some start of the machine. */
function killed(boot: string | null): string {
  const path = newStore()
  const left = folder.file(`${crypto.randomUUID()}.db`)
  const db = openIndexing(path, boot)
  for (const suffix of ['', '.search']) copyFileSync(path + suffix, left + suffix)
  closeSearch(db)
  return left
}

describe('a search index that was closed in order', () => {
  test('is believed after any start of the machine', () => {
    const path = newStore()
    expect(reopened(path, 'one')).toBe(90)
    expect(reopened(path, 'two')).toBe(90)
    expect(reopened(path, null)).toBe(90)
  })

  test('has all of itself in one file', () => {
    const path = newStore()
    const copy = folder.file('copy.search')
    copyFileSync(`${path}.search`, copy)
    using db = new Database(copy)
    expect(db.query('SELECT through, boot FROM indexed').values()).toEqual([[90, null]])
  })
})

describe('a search index that was not closed in order', () => {
  test('is believed while the machine has not been started anew', () => {
    expect(reopened(killed('one'), 'one')).toBe(90)
  })

  test('is made anew after another start of the machine, which may have lost writes', () => {
    expect(reopened(killed('one'), 'two')).toBe(0)
    expect(reopened(killed('one'), null)).toBe(0)
    expect(reopened(killed(null), 'two')).toBe(0)
  })

  test('is made anew where the system does not tell one start from another', () => {
    expect(reopened(killed(null), null)).toBe(0)
  })

  test('fills up again', () => {
    const path = killed('one')
    const indexer = new Indexer(openIndexing(path, 'two'))
    while (indexer.advance());
    indexer.close()
    expect(reopened(path, 'three')).toBe(90)
  })
})

test('while an index is open its mark is on the disk, and nothing else is synced', () => {
  const db = openIndexing(newStore(), 'one')
  expect(db.query('PRAGMA search.synchronous').values()).toEqual([[0]])
  expect(db.query('SELECT boot FROM search.indexed').values()).toEqual([['one']])
  closeSearch(db)
})

test('messages are found, and volumes told, where no index can be made to search by', async () => {
  const path = folder.file('taken.db')
  // Like a full disk it takes no file at that place.
  mkdirSync(`${path}.search/taken`, { recursive: true })
  const store = await openSqliteStore(path)
  await using _closing = { [Symbol.asyncDispose]: () => store.close() }
  const text = 'needle in a file'
  await store.append([arrival({ message_id: 'found', text })])
  const { data, total } = await store.list(listQuery({ q: 'NEEDLE in' }))
  expect([data.map(({ message_id }) => message_id), total]).toEqual([['found'], 1])
  const volume = await store.volume({ bucket: 'minute' })
  expect(volume.map(({ count }) => count)).toEqual([1])
})
