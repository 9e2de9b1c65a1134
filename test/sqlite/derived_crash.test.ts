import { Database } from 'bun:sqlite'
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { copyFileSync } from 'node:fs'
import { openWriting } from '../../src/sqlite/database.ts'
import { APPLICATION_ID } from '../../src/sqlite/identity.ts'
import { MIGRATIONS } from '../../src/sqlite/migrations.ts'
import { openSqliteStore } from '../../src/sqlite/store.ts'
import { openFolder } from '../support/folder.ts'
import { microseconds } from '../support/model.ts'
import { source, whileRunning } from './child.ts'
import { recount, storedCounts } from './recount.ts'

// Above the deadlines of what is waited for, so that those say what did not happen.
setDefaultTimeout(60_000)

const folder = openFolder()
afterAll(() => folder[Symbol.dispose]())

const newPath = () => folder.file(`${crypto.randomUUID()}.db`)

/** A program that stores random batches for ever, and says after each how many rows are there. */
const appending = (path: string) => `
  import { openSqliteStore } from '${source('src/sqlite/store.ts')}'
  import { arrival } from '${source('test/support/messages.ts')}'
  const store = await openSqliteStore(${JSON.stringify(path)})
  const upTo = (max) => Math.floor(Math.random() * max)
  const random = () => {
    const ts = new Date(upTo(2 ** 42) - 2 ** 41).toISOString()
    const [from, to] = ['+' + upTo(40), '+' + upTo(300)]
    return arrival({ message_id: String(upTo(200_000)), from, to, ts })
  }
  for (;;) {
    const bad = arrival({ message_id: 'bad', ts: 'never' })
    const batch = Array.from({ length: 1 + upTo(200) }, random)
    const answers = await store.append([...batch, bad, ...batch.slice(0, 5)])
    if (upTo(3) === 0) await store.stats()
    console.log(Math.max(...answers.map((each) => each.seq ?? 0)))
  }
`

/**
 * A program that says 0, opens a database, and says how far the first count is. After each step
 * it waits for a byte, so that it is never further than it is let.
 */
const opening = (path: string) => `
  import { readSync, writeSync } from 'node:fs'
  import { openWriting } from '${source('src/sqlite/database.ts')}'
  writeSync(1, '0\\n')
  openWriting(${JSON.stringify(path)}, (done) => {
    writeSync(1, done + '\\n')
    readSync(0, Buffer.alloc(1))
  })
`

/** Looks at a database through a connection that knows nothing of ours and repairs nothing. */
function look<T>(path: string, ask: (db: Database) => T): T {
  const db = new Database(path, { readwrite: true, create: false })
  try {
    return ask(db)
  } finally {
    db.close(true)
  }
}

const rounds = Array.from({ length: 10 }, (_, n) => n)

test('counts and messages agree after kill -9 at any moment, again and again', async () => {
  const path = newPath()
  let rows = 0
  for (const round of rounds) {
    let acknowledged = 0
    await whileRunning(appending(path), async ({ next }) => {
      const batches = 1 + Math.floor(Math.random() * 12)
      for (let n = 0; n < batches; n += 1) acknowledged = Math.max(acknowledged, await next())
    })
    look(path, (db) => {
      db.query('ATTACH ? AS arrivals').run(`${path}.arrivals`)
      const last = `SELECT max(seq) FROM
        (SELECT seq FROM main.messages UNION SELECT seq FROM arrivals.commits)`
      const stored = Number(db.query(last).values()[0]?.[0])
      expect(stored).toBeGreaterThanOrEqual(Math.max(acknowledged, rows))
      expect(stored).toBeGreaterThan(rows)
      rows = stored
      expect({ round, ...storedCounts(db) }).toEqual({ round, ...recount(db) })
    })
  }
})

/** Messages of the old database: several steps of the count that its first opening makes. */
const OLD_ROWS = 150_000

/** Makes a database of the first release, with messages over years before and after 1970. */
function makeOld(path: string): void {
  const db = new Database(path)
  db.run(`PRAGMA application_id = ${APPLICATION_ID}`)
  db.run('PRAGMA journal_mode = WAL')
  db.run('PRAGMA synchronous = OFF')
  db.run(MIGRATIONS[0] ?? '')
  db.run('PRAGMA user_version = 1')
  const insert = db.prepare(
    `INSERT INTO messages (message_id, sender, recipient, ts, instant, text, received_at)
     VALUES (?, ?, ?, ?, ?, 'hello', 0)`,
  )
  const fill = () => {
    for (let n = 0; n < OLD_ROWS; n += 1) {
      const minutes = ((n * 7919) % OLD_ROWS) - OLD_ROWS / 2
      const ts = new Date(minutes * 47 * 60_000).toISOString()
      insert.run(`m${n}`, `+${n % 17}${n % 3}`, `+${n % 501}`, ts, microseconds(ts))
    }
  }
  db.transaction(fill)()
  insert.finalize()
  db.close(true)
}

const through = (path: string) =>
  look(path, (db) => {
    if (db.query('PRAGMA user_version').values()[0]?.[0] === 1) return 0
    return Number(db.query('SELECT through FROM derived').values()[0]?.[0])
  })

const old = newPath()
beforeAll(() => makeOld(old))

/** A copy of that database. */
function copyOld(): string {
  const path = newPath()
  copyFileSync(old, path)
  return path
}

test('a first count that kill -9 cuts short, again and again, is finished exactly', async () => {
  const path = copyOld()
  const reached = [0]
  for (const steps of [0, 1, 0, 1, 0]) {
    const before = through(path)
    await whileRunning(opening(path), async ({ next, step }) => {
      expect(await next()).toBe(0)
      for (let n = 0; n < steps; n += 1) {
        expect(await next()).toBeGreaterThan(before)
        step()
      }
    })
    reached.push(through(path))
  }
  // No step that was done is done again, and none of the kills came too late to cut it short.
  expect(reached).toEqual(reached.toSorted((a, b) => a - b))
  expect(reached.at(-1)).toBeGreaterThan(0)
  expect(reached.at(-1)).toBeLessThan(OLD_ROWS)
  const dones: number[] = []
  const db = openWriting(path, (done, total) => dones.push(done, total - OLD_ROWS))
  expect(dones.filter((done) => done === 0).length).toBe(dones.length / 2)
  expect(dones.at(-2)).toBe(OLD_ROWS)
  expect(dones.at(0)).toBeGreaterThan(reached.at(-1) ?? 0)
  expect(storedCounts(db)).toEqual(recount(db))
  db.close(true)
})

test('a database of the first release keeps every row, and answers from its counts', async () => {
  const path = copyOld()
  const rows = (db: Database) => db.query('SELECT * FROM messages ORDER BY seq').values()
  const before = Bun.hash(JSON.stringify(look(path, rows)))
  const store = await openSqliteStore(path)
  const year = { since: microseconds('1969-01-01T00:00:00Z') }
  const query = { limit: 1, offset: 0n, until: microseconds('1970-01-01T00:00:00Z'), ...year }
  const { total } = await store.list(query)
  expect((await store.stats()).total_messages).toBe(OLD_ROWS)
  await store.close()
  look(path, (db) => {
    expect(Bun.hash(JSON.stringify(rows(db)))).toBe(before)
    const sql = `SELECT count(*) FROM messages WHERE ts LIKE '1969-%'`
    expect(db.query(sql).values()).toEqual([[total]])
    expect(total).toBeGreaterThan(0)
    expect(storedCounts(db)).toEqual(recount(db))
  })
})
