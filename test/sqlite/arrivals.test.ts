import { Database } from 'bun:sqlite'
import { afterAll, describe, expect, spyOn, test } from 'bun:test'
import { existsSync } from 'node:fs'
import type { Unit } from '../../src/bundle.ts'
import { openWriting } from '../../src/sqlite/database.ts'
import { APPLICATION_ID } from '../../src/sqlite/identity.ts'
import { MIGRATIONS } from '../../src/sqlite/migrations.ts'
import { openSqliteStore } from '../../src/sqlite/store.ts'
import { openFolder } from '../support/folder.ts'
import { arrival, arrivals, listQuery } from '../support/messages.ts'
import { bundle, kept, sent, step } from '../whatsapp/bundles.ts'
import { killNow, openEngine } from './engine.ts'
import { recount, storedCounts } from './recount.ts'
import { makeStore, verify } from './upkept.ts'

const folder = openFolder()
afterAll(() => folder[Symbol.dispose]())

const newPath = () => folder.file(`${crypto.randomUUID()}.db`)

const rows = (db: Database, table: string) =>
  Number(db.query(`SELECT count(*) FROM ${table}`).values()[0]?.[0])

describe('an acknowledged message', () => {
  test('is an arrival until it is settled, and is then deleted there with the next batch', () => {
    const { db, append, settle, held } = openEngine()
    append(arrivals(3))
    expect(held()).toEqual([3, 0])
    expect(settle()).toBe(3)
    expect(held()).toEqual([3, 3])
    append([arrival({ message_id: 'next' })])
    expect(held()).toEqual([1, 3])
    expect(settle()).toBe(4)
    expect(storedCounts(db)).toEqual(recount(db))
  })

  test('is known by its id before it is settled, after, and when it is deleted', () => {
    const { append, settle, held } = openEngine()
    const [first, other] = [arrival(), arrival({ text: 'other' })]
    const duplicate = { result: 'duplicate', seq: 1 }
    const both = [
      { ...duplicate, conflict: false },
      { ...duplicate, conflict: true },
    ]
    expect(append([first, first])).toMatchObject([{ result: 'created', seq: 1 }, duplicate])
    expect(append([first, other])).toMatchObject(both)
    settle()
    expect(append([first, other])).toMatchObject(both)
    expect(append([first, other])).toMatchObject(both)
    expect(held()).toEqual([0, 1])
  })

  test('is read once with its commit, however many copies of both come at a time', () => {
    const { append } = openEngine()
    const [some, more] = [arrivals(20), arrivals(20, { from: '+2' })].map((all, half) =>
      all.map((each, n) => ({ ...each, message_id: `m${half} ${n}` })),
    )
    append(some ?? [])
    append(more ?? [])
    const copies = (some ?? []).flatMap((each, n) => [each, ...(more?.slice(n, n + 1) ?? [])])
    const parse = spyOn(JSON, 'parse')
    const answers = append(copies)
    expect(parse).toHaveBeenCalledTimes(2)
    parse.mockRestore()
    expect(answers).toMatchObject(copies.map(() => ({ result: 'duplicate', conflict: false })))
  })

  test.each([
    { receivedAt: 1.5 },
    { receivedAt: Number.NaN },
    { message_id: '\ud800' },
    { from: undefined as unknown as string },
    { to: null as unknown as string },
    { ts: '2025-02-30T00:00:00Z' },
  ])('fails alone where it could not be settled: %p', (fault) => {
    const { append, settle, held } = openEngine()
    const answers = append([arrival(), arrival({ message_id: 'bad', ...fault }), sent('last')])
    expect(answers).toMatchObject([{ seq: 1 }, expect.any(Error), { seq: 2 }])
    expect(settle()).toBe(2)
    expect(held()).toEqual([2, 2])
  })

  test('keeps its number and every column when it is settled', () => {
    const { db, append, settle } = openEngine()
    const texts = [null, 'Hello', '\u00c9cole', 'nul\u0000nul']
    append(texts.map((text, n) => arrival({ message_id: `t${n}`, text })))
    settle()
    const columns = 'seq, message_id, sender, recipient, ts, text, received_at'
    const given = texts.map((text, n) => {
      const { from, to, ts, receivedAt } = arrival()
      return [n + 1, `t${n}`, from, to, ts, text, receivedAt]
    })
    expect(db.query(`SELECT ${columns} FROM messages`).values()).toEqual(given)
    const instant = Date.parse(arrival().ts) * 1000
    const made = [null, null, '\u00e9cole', null].map((folded) => [instant, folded])
    expect(db.query('SELECT instant, folded FROM messages').values()).toEqual(made)
  })

  test('is numbered after those that are settled and after those that are not', () => {
    const { append, settle } = openEngine()
    const seqs = (id: string) => append([arrival({ message_id: id })])
    expect(seqs('a')).toMatchObject([{ seq: 1 }])
    expect(seqs('b')).toMatchObject([{ seq: 2 }])
    settle()
    expect(seqs('c')).toMatchObject([{ result: 'created', seq: 3 }])
    expect(seqs('c')).toMatchObject([{ result: 'duplicate', seq: 3 }])
    expect(seqs('b')).toMatchObject([{ seq: 2 }])
    expect(seqs('d')).toMatchObject([{ seq: 4 }])
  })

  test('is in the database alone when the store has been closed in order', async () => {
    const path = newPath()
    const store = await openSqliteStore(path)
    await store.append(arrivals(5))
    await store.close()
    using db = new Database(path)
    expect(rows(db, 'messages')).toBe(5)
    expect(existsSync(`${path}.arrivals`)).toBe(false)
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

const delivered = bundle({
  messages: [sent('w')],
  statuses: [step('s', 'sent', 1)],
  kept: [kept('flows', { kind: 'notification' })],
})

/** What a database holds of all that is in the bundle and beside it. */
function contents(db: Database) {
  const copies = db.query('SELECT raw, copies FROM kept ORDER BY seq').values()
  const steps = db.query('SELECT message_id, json_array_length(history) FROM statuses').values()
  return {
    ids: db.query('SELECT message_id FROM messages ORDER BY seq').values().flat(),
    details: rows(db, 'whatsapp_messages'),
    copies,
    steps,
  }
}

const WHOLE = { ids: ['m1', 'w', 'left'], details: 1, copies: [['{"x":1}', 2]], steps: [['s', 2]] }

describe('after a crash', () => {
  const path = newPath()
  const engine = openEngine(path)
  const rest = [bundle({ statuses: [step('s', 'read', 2)] }), arrival({ message_id: 'left' })]
  // With the files of each moment, what a sender had no answer to, and sends again.
  const moments: [string, string, Unit[]][] = []
  const note = (name: string, unanswered: Unit[]) =>
    moments.push([name, killNow(path, newPath()), unanswered])
  engine.append([arrival(), delivered])
  note('before anything is settled', [delivered, ...rest])
  engine.settle()
  note('after it is settled and before it is deleted', [delivered, ...rest])
  engine.appendUntold([delivered])
  note('with more that came before it is deleted', rest)
  engine.append(rest)
  note('with a part that is settled and deleted and a part that is not', [])
  engine.settle()
  note('with all settled', [])
  engine.close()

  test.each(moments)('%s nothing is lost or doubled', (_, killed, unanswered) => {
    expect(verify(killed)).toEqual({})
    const opened = openEngine(killed)
    expect(contents(opened.db).ids.slice(0, 2)).toEqual(['m1', 'w'])
    opened.append(unanswered)
    opened.settle()
    expect(contents(opened.db)).toEqual(WHOLE)
    expect(storedCounts(opened.db)).toEqual(recount(opened.db))
    opened.close()
  })

  test('arrivals that were only begun are made anew', () => {
    const begun = newPath()
    openEngine(begun).close()
    const db = new Database(`${begun}.arrivals`)
    db.run(`PRAGMA application_id = ${APPLICATION_ID}`)
    db.close(true)
    expect(openEngine(begun).append([arrival()])).toMatchObject([{ result: 'created', seq: 1 }])
  })

  test('arrivals of the release that kept them in the database are settled', () => {
    const older = newPath()
    const old = new Database(older)
    old.run(`PRAGMA application_id = ${APPLICATION_ID}`)
    for (const sql of MIGRATIONS.slice(0, 4)) old.run(sql)
    old.run('PRAGMA user_version = 4')
    old.run(`INSERT INTO arrivals (seq, message_id, sender, recipient, ts, instant, received_at)
      VALUES (1, 'old', '+1', '+2', '1970-01-01T00:00:00Z', 0, 0)`)
    old.close(true)
    const { db, append } = openEngine(older)
    expect(append([arrival({ message_id: 'old' }), arrival()])).toMatchObject([
      { result: 'duplicate', seq: 1, conflict: true },
      { result: 'created', seq: 2 },
    ])
    expect(storedCounts(db)).toEqual(recount(db))
  })
})

describe('verify', () => {
  test.each([
    ['whose id is there already', 'm6', 301, 'the id of seq 301 is there before'],
    ['whose number does not follow', 'new', 302, 'seq 302 is where 301 should be'],
  ])('finds an arrival %s', (_, message_id, seq, found) => {
    const path = newPath()
    makeStore(path, 300)
    const db = openWriting(path)
    const messages = JSON.stringify([arrival({ message_id })])
    db.run('INSERT INTO arrivals.commits (seq, messages) VALUES (?, ?)', [seq, messages])
    db.close(true)
    expect(verify(path)).toEqual({ arrivals: expect.stringContaining(found) })
  })
})
