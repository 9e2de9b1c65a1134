import type { Database } from 'bun:sqlite'
import { afterAll, describe, expect, test } from 'bun:test'
import { openAppending } from '../../src/sqlite/arrivals_file.ts'
import { openBeside, openReading } from '../../src/sqlite/connection.ts'
import { openWriting } from '../../src/sqlite/database.ts'
import { APPLICATION_ID } from '../../src/sqlite/identity.ts'
import { openFolder } from '../support/folder.ts'
import { arrival } from '../support/messages.ts'
import { openEngine } from './engine.ts'

const folder = openFolder()
afterAll(() => folder[Symbol.dispose]())

/** The value of a pragma as the connection has it now. */
const pragma = (db: Database, name: string) => db.query(`PRAGMA ${name}`).values()[0]?.[0]

/** A new database file with its writing connection. */
function openNew(): { path: string; db: Database } {
  const path = folder.file(`${crypto.randomUUID()}.db`)
  return { path, db: openWriting(path) }
}

describe('the writing connection', () => {
  test.each([
    ['journal_mode', 'wal'],
    ['synchronous', 2],
    ['foreign_keys', 1],
    ['wal_autocheckpoint', 0],
    ['busy_timeout', 5000],
    ['cache_size', -8192],
    ['temp_store', 2],
    ['application_id', APPLICATION_ID],
    ['arrivals.journal_mode', 'wal'],
    ['arrivals.application_id', APPLICATION_ID],
  ])('really has %s = %p', (name, value) => {
    const { db } = openNew()
    expect(pragma(db, name)).toBe(value)
    db.close(true)
  })

  test('keeps its strictness when the file is opened again', () => {
    const { path, db } = openNew()
    db.close(true)
    const again = openWriting(path)
    expect([pragma(again, 'journal_mode'), pragma(again, 'synchronous')]).toEqual(['wal', 2])
    again.close(true)
  })
})

test('the appending connection syncs every commit, and waits for locks', () => {
  const { path, db } = openNew()
  const appending = openAppending(path)
  const names = ['arrivals.journal_mode', 'arrivals.synchronous', 'wal_autocheckpoint']
  expect(names.map((name) => pragma(appending, name))).toEqual(['wal', 2, 1000])
  expect(pragma(appending, 'busy_timeout')).toBe(5000)
  for (const each of [appending, db]) each.close(true)
})

describe('a connection beside it', () => {
  test('waits for locks, and reads only when it is a reading one', () => {
    const { path, db } = openNew()
    const [beside, reading] = [openBeside(path), openReading(path)]
    expect([pragma(beside, 'busy_timeout'), pragma(beside, 'query_only')]).toEqual([5000, 0])
    expect([pragma(reading, 'busy_timeout'), pragma(reading, 'query_only')]).toEqual([5000, 1])
    expect(() => reading.run('DELETE FROM readiness')).toThrow('readonly')
    for (const each of [beside, reading, db]) each.close(true)
  })

  test('makes no database where there is none', async () => {
    const path = folder.file('missing.db')
    expect(() => openReading(path)).toThrow('database not ready')
    expect(await Bun.file(path).exists()).toBe(false)
  })
})

/** An engine with room for so many pages of arrivals more, and a way to give it more room. */
function openNarrow(pages: number) {
  const engine = openEngine(folder.file(`${crypto.randomUUID()}.db`))
  const limit = (count: number) => engine.db.run(`PRAGMA arrivals.max_page_count = ${count}`)
  limit(Number(pragma(engine.db, 'arrivals.page_count')) + pages)
  return { ...engine, limit }
}

const large = (id: string) => arrival({ message_id: id, text: 'x'.repeat(4096) })

const LARGE = Array.from({ length: 50 }, (_, n) => large(`large${n}`))

const FULL = expect.objectContaining({ name: 'StoreUnavailable', reason: 'storage full' })

/** What a call throws. */
function thrownBy(call: () => unknown): unknown {
  try {
    call()
  } catch (error) {
    return error
  }
  return undefined
}

describe('a full disk', () => {
  test('is "storage full", and nothing of the batch is stored', () => {
    const { held, append, close } = openNarrow(5)
    append([arrival()])
    expect(thrownBy(() => append([arrival({ message_id: 'm2' }), ...LARGE]))).toEqual(FULL)
    expect(held()).toEqual([1, 0])
    close()
  })

  test('still answers a duplicate, and takes what has room', () => {
    const { append, close } = openNarrow(5)
    append([arrival()])
    expect(thrownBy(() => append(LARGE))).toEqual(FULL)
    const answers = append([arrival(), arrival({ message_id: 'm2' })])
    expect(answers).toMatchObject([
      { result: 'duplicate', seq: 1 },
      { result: 'created', seq: 2 },
    ])
    close()
  })

  test('leaves no gap in seq, and everything goes on once there is room', () => {
    const { db, held, append, check, close, limit } = openNarrow(5)
    append([arrival()])
    expect(thrownBy(() => append(LARGE))).toEqual(FULL)
    limit(10_000)
    check()
    const answers = append(LARGE)
    expect(answers.map((each) => 'seq' in each && each.seq)).toEqual(LARGE.map((_, n) => n + 2))
    expect(held()).toEqual([51, 0])
    expect(db.inTransaction).toBe(false)
    close()
  })
})
