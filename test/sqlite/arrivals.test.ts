import { Database } from 'bun:sqlite'
import { afterAll, describe, expect, test } from 'bun:test'
import { copyFileSync } from 'node:fs'
import { openWriting } from '../../src/sqlite/database.ts'
import { Reader } from '../../src/sqlite/reader.ts'
import { openSqliteStore } from '../../src/sqlite/store.ts'
import { Writer } from '../../src/sqlite/writer.ts'
import { openFolder } from '../support/folder.ts'
import { arrival, arrivals, listQuery } from '../support/messages.ts'
import { recount, storedCounts } from './recount.ts'
import { makeStore, verify } from './upkept.ts'

const folder = openFolder()
afterAll(() => folder[Symbol.dispose]())

const newPath = () => folder.file(`${crypto.randomUUID()}.db`)

const rows = (db: Database, table: string) =>
  Number(db.query(`SELECT count(*) FROM ${table}`).values()[0]?.[0])

/** A writer in memory, and what its tables hold. */
function openNew() {
  const db = openWriting(':memory:')
  const held = () => [rows(db, 'arrivals'), rows(db, 'messages')]
  return { db, writer: new Writer(db), held }
}

describe('an acknowledged message', () => {
  test('is in arrivals alone until it is moved, and then among the messages alone', () => {
    const { db, writer, held } = openNew()
    writer.append(arrivals(3))
    expect(held()).toEqual([3, 0])
    expect(writer.settle()).toBe(3)
    expect(held()).toEqual([0, 3])
    expect(writer.settle()).toBe(0)
    expect(storedCounts(db)).toEqual(recount(db))
  })

  test('is known by its id before it is moved and after', () => {
    const { writer, held } = openNew()
    const [first, other] = [arrival(), arrival({ text: 'other' })]
    const duplicate = { result: 'duplicate', seq: 1 }
    expect(writer.append([first, first])).toMatchObject([{ result: 'created', seq: 1 }, duplicate])
    expect(writer.append([other])).toMatchObject([{ ...duplicate, conflict: true }])
    writer.settle()
    expect(writer.append([first, other])).toMatchObject([
      { ...duplicate, conflict: false },
      { ...duplicate, conflict: true },
    ])
    expect(held()).toEqual([0, 1])
  })

  test('keeps its number and every column when it is moved', () => {
    const { db, writer } = openNew()
    const texts = [null, 'Hello', '\u00c9cole', 'nul\u0000nul']
    writer.append(texts.map((text, n) => arrival({ message_id: `t${n}`, text })))
    const columns = 'seq, message_id, sender, recipient, ts, instant, text, folded, received_at'
    const before = db.query(`SELECT ${columns} FROM arrivals`).values()
    writer.settle()
    expect(db.query(`SELECT ${columns} FROM messages`).values()).toEqual(before)
    expect(before.length).toBe(texts.length)
  })

  test('is numbered after those that were moved and after those that were not', () => {
    const { writer } = openNew()
    const seqs = (id: string) => writer.append([arrival({ message_id: id })])
    expect(seqs('a')).toMatchObject([{ seq: 1 }])
    expect(seqs('b')).toMatchObject([{ seq: 2 }])
    writer.settle()
    expect(seqs('c')).toMatchObject([{ seq: 3 }])
    expect(seqs('b')).toMatchObject([{ seq: 2 }])
    expect(seqs('d')).toMatchObject([{ seq: 4 }])
  })

  test('that a crash left is moved when the database is opened again', () => {
    const [path, killed] = [newPath(), newPath()]
    const writer = new Writer(openWriting(path))
    writer.append(arrivals(2))
    writer.settle()
    writer.append([...arrivals(2), arrival({ message_id: 'left' })])
    for (const suffix of ['', '-wal']) copyFileSync(path + suffix, killed + suffix)
    writer.close()
    expect(verify(killed)).toEqual({})
    const db = openWriting(killed)
    expect([rows(db, 'arrivals'), rows(db, 'messages')]).toEqual([0, 3])
    expect(storedCounts(db)).toEqual(recount(db))
    expect(new Writer(db).append([arrival({ message_id: 'left' })])).toMatchObject([
      { result: 'duplicate', seq: 3 },
    ])
    expect(new Reader(db).list(listQuery()).total).toBe(3)
    db.close(true)
  })

  test('is moved when the store is closed in order', async () => {
    const path = newPath()
    const store = await openSqliteStore(path)
    await store.append(arrivals(5))
    await store.close()
    using db = new Database(path)
    expect([rows(db, 'arrivals'), rows(db, 'messages')]).toEqual([0, 5])
  })

  test('can be read as soon as it is acknowledged, by every verb', async () => {
    const store = await openSqliteStore(newPath())
    for (const number of [1, 2, 3]) {
      const message_id = `m${number}`
      await store.append([arrival({ message_id, text: `needle ${number}` })])
      const [all, found, one, stats, after] = await Promise.all([
        store.list(listQuery()),
        store.list(listQuery({ q: `needle ${number}` })),
        store.find(message_id),
        store.stats(),
        store.readAfter(number - 1, 10),
      ])
      expect([all.total, found.total, one?.seq, stats.total_messages, after.length]).toEqual([
        ...[number, 1, number, number, 1],
      ])
    }
    await store.close()
  })
})

describe('verify', () => {
  const REST = 'sender, recipient, ts, instant, text, folded, received_at'

  test.each([
    ['whose id is there already', 'message_id', 301, 'the id of seq 301 is there before'],
    ['whose number does not follow', "'new'", 302, 'seq 302 is where 301 should be'],
  ])('finds an arrival %s', (_, id, seq, found) => {
    const path = newPath()
    makeStore(path, 300)
    const db = new Database(path)
    db.run(
      `INSERT INTO arrivals (seq, message_id, ${REST})
       SELECT ${seq}, ${id}, ${REST} FROM messages WHERE seq = 6`,
    )
    db.close(true)
    expect(verify(path)).toEqual({ arrivals: expect.stringContaining(found) })
  })
})
