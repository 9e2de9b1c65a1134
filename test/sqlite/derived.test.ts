import type { Database } from 'bun:sqlite'
import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import type { Arrival } from '../../src/message.ts'
import { Derived } from '../../src/sqlite/derived.ts'
import { StoreUnavailable } from '../../src/store.ts'
import { batches, rivals } from '../support/arbitraries.ts'
import { arrival, arrivals } from '../support/messages.ts'
import { openEngine } from './engine.ts'
import { recount, storedCounts } from './recount.ts'

const BAD = arrival({ message_id: 'bad', from: '+666', ts: '2025-02-30T00:00:00Z' })

const count = (db: Database) => db.query('SELECT count(*) FROM messages').values()[0]?.[0]

/** Random batches, some with a row that fails, each sent twice. */
const troubled = fc.tuple(batches, fc.nat(25)).map(([sets, at]) =>
  sets.flatMap((set) => {
    const bad = set.length % 2 === 0 ? [BAD] : []
    return [[...set.slice(0, at), ...bad, ...set.slice(at)], set]
  }),
)

function appendAll(sets: readonly Arrival[][]): void {
  const engine = openEngine()
  const { db } = engine
  for (const set of sets) {
    engine.append(set)
    engine.settle()
    expect(storedCounts(db)).toEqual(recount(db))
  }
  db.close(true)
}

describe('the derived counts equal a recount', () => {
  test('of nothing', () => {
    const engine = openEngine()
    const { db } = engine
    expect(storedCounts(db)).toEqual(recount(db))
    engine.append([])
    engine.append([BAD])
    expect(engine.settle()).toBe(0)
    expect(storedCounts(db)).toEqual(recount(db))
    expect(storedCounts(db).derived).toBe('0 senders through 0')
  })

  test('of messages on both sides of an hour, a day and 1970', () => {
    const engine = openEngine()
    const { db } = engine
    const times = [
      ...['1969-12-31T22:59:59.999999Z', '1969-12-31T23:00:00Z', '1969-12-31T23:59:59.999999Z'],
      ...['1970-01-01T00:00:00Z', '1970-01-01T00:59:59.999999Z', '1970-01-01T01:00:00Z'],
    ]
    engine.append(times.map((ts, n) => arrival({ message_id: `${n}`, ts })))
    expect(engine.settle()).toBe(times.length)
    const { hours, days } = storedCounts(db)
    expect([hours, days]).toEqual([
      ['-1: 2', '-2: 1', '0: 2', '1: 1'],
      ['-1: 3', '0: 3'],
    ])
    expect(storedCounts(db)).toEqual(recount(db))
  })

  test('after every one of random batches, with duplicates and rows that fail', () => {
    fc.assert(fc.property(troubled, appendAll), { numRuns: 150 })
  })

  test('after every batch while senders tie and overtake', () => {
    fc.assert(fc.property(rivals, appendAll), { numRuns: 150 })
  })

  test('after they were forgotten and made again', () => {
    const property = fc.property(batches, (sets) => {
      const engine = openEngine()
      const { db } = engine
      for (const set of sets) engine.append(set)
      engine.settle()
      const before = storedCounts(db)
      const derived = new Derived(db)
      derived.clear()
      expect(storedCounts(db)).toMatchObject({ senders: [], hours: [], top_senders: [] })
      derived.catchUp(() => {})
      expect(storedCounts(db)).toEqual(before)
      db.close(true)
    })
    fc.assert(property, { numRuns: 50 })
  })
})

describe('a full disk', () => {
  /** Does a work with room for so many pages more; tells whether it was done. */
  function doWithin(pages: number, db: Database, work: () => void): boolean {
    const used = Number(db.query('PRAGMA page_count').values()[0]?.[0])
    db.run(`PRAGMA max_page_count = ${used + pages}`)
    try {
      work()
      return true
    } catch (error) {
      expect(error).toBeInstanceOf(StoreUnavailable)
      return false
    }
  }

  test('at any page of a move leaves counts and messages as they were', () => {
    const text = 'x'.repeat(2000)
    const outcomes = Array.from({ length: 60 }, (_, pages) => {
      const engine = openEngine()
      const { db } = engine
      engine.append(arrivals(30, { from: '+1' }))
      engine.settle()
      const before = storedCounts(db)
      // Senders and hours by the hundred, so that their tables run out of room too.
      const batch = Array.from({ length: 300 }, (_, n) => {
        const ts = new Date(Date.UTC(2001, 0, 1, n)).toISOString()
        const changes = { message_id: `new${n}`, from: `+${n}`, to: `+9${n}`, ts }
        return arrival({ ...changes, text: n < 40 ? text : null })
      })
      engine.append(batch)
      const settled = doWithin(pages, db, () => engine.settle())
      expect(count(db)).toBe(settled ? 330 : 30)
      expect(storedCounts(db)).toEqual(settled ? recount(db) : before)
      expect(doWithin(1000, db, () => engine.settle())).toBe(true)
      expect(count(db)).toBe(330)
      expect(storedCounts(db)).toEqual(recount(db))
      db.close(true)
      return settled
    })
    expect(outcomes).toContain(false)
    expect(outcomes.at(-1)).toBe(true)
  })
})
