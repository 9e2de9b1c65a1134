import { Database } from 'bun:sqlite'
import { afterAll, describe, expect, test } from 'bun:test'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { refuseOldSqlite } from '../../src/sqlite/identity.ts'
import { openSqliteStore } from '../../src/sqlite/store.ts'
import { StartRefused } from '../../src/start_refused.ts'
import { openFolder } from '../support/folder.ts'
import { arrivals } from '../support/messages.ts'

const folder = openFolder()
afterAll(() => folder[Symbol.dispose]())

const newPath = () => folder.file(`${crypto.randomUUID()}.db`)

/** What a store at this path is refused with. */
async function refusalOf(path: string): Promise<string> {
  try {
    await (await openSqliteStore(path)).close()
  } catch (error) {
    if (error instanceof StartRefused) return error.message
    throw error
  }
  return 'not refused'
}

/** The bytes of a whole database of ours, of some 60 pages. */
async function makeDatabase(): Promise<Buffer> {
  const path = newPath()
  const store = await openSqliteStore(path)
  await store.append(arrivals(500, { text: 'some text '.repeat(30) }))
  await store.close()
  return readFileSync(path)
}

const DATABASE = await makeDatabase()
const PAGE_BYTES = 4096

/** The database with these bytes turned over. */
function flipped(start: number, length: number): Buffer {
  const bytes = Buffer.from(DATABASE)
  for (let n = start; n < start + length; n += 1) bytes[n] = (bytes[n] ?? 0) ^ 0xff
  return bytes
}

/** An SQLite file that another program made. */
function makeForeign(statement: string): Buffer {
  const db = new Database(':memory:')
  db.run('CREATE TABLE theirs (a)')
  db.run(statement)
  return db.serialize()
}

const middle = Math.floor(DATABASE.length / PAGE_BYTES / 2) * PAGE_BYTES

/** A page in the last quarter: the arrivals, which are gone, had none there. */
const late = Math.floor((DATABASE.length / PAGE_BYTES) * 0.8) * PAGE_BYTES

/** Bytes of the header of a WAL, and of one page's frame in it before the page itself. */
const [WAL_HEADER_BYTES, FRAME_HEADER_BYTES] = [32, 24]

/** Where the database has its last page that the WAL holds no newer version of. */
function pageBeside(wal: Buffer): number {
  const newer = new Set<number>()
  const step = FRAME_HEADER_BYTES + PAGE_BYTES
  for (let at = WAL_HEADER_BYTES; at < wal.length; at += step) newer.add(wal.readUInt32BE(at))
  const numbers = Array.from({ length: DATABASE.length / PAGE_BYTES }, (_, n) => n + 1)
  const number = numbers.findLast((each) => !newer.has(each))
  if (number === undefined) throw new Error('every page is in the WAL')
  return (number - 1) * PAGE_BYTES
}

const damaged = 'is damaged: it is left as it was; restore it from a backup'
const foreign = 'belongs to another program: it is left as it was'
const noDatabase = 'is not an SQLite database: it is left as it was'

const FILES: readonly [name: string, bytes: Uint8Array, line: string][] = [
  ["another program's database", makeForeign('SELECT 1'), foreign],
  ['a database with another application id', makeForeign('PRAGMA application_id = 7'), foreign],
  ['a text', Buffer.from('hello '.repeat(1000)), noDatabase],
  ['one byte', Buffer.from('x'), noDatabase],
  ['zeros', Buffer.alloc(8192), noDatabase],
  ['random bytes', crypto.getRandomValues(new Uint8Array(20_000)), noDatabase],
  ['a database cut within its header', DATABASE.subarray(0, 60), noDatabase],
  ['a database cut after its header', DATABASE.subarray(0, 100), damaged],
  ['a database cut after its first page', DATABASE.subarray(0, PAGE_BYTES), damaged],
  ['a database cut in the middle of a page', DATABASE.subarray(0, middle + 99), damaged],
  ['a database cut by its last page', DATABASE.subarray(0, -PAGE_BYTES), damaged],
  ['a database cut by its last byte', DATABASE.subarray(0, -1), damaged],
  ['a database with a page of messages turned over', flipped(late, PAGE_BYTES), damaged],
  ['a database with 16 bytes of messages turned over', flipped(late, 16), damaged],
  ['a database whose schema is turned over', flipped(100, 64), damaged],
]

describe('a file is refused in one clear line and left as it was when it is', () => {
  test.each(FILES)('%s', async (_, bytes, line) => {
    const path = newPath()
    writeFileSync(path, bytes)
    expect(await refusalOf(path)).toBe(`${path} ${line}`)
    expect(Buffer.compare(readFileSync(path), bytes)).toBe(0)
    expect([existsSync(`${path}-wal`), existsSync(`${path}-journal`)]).toEqual([false, false])
  })

  test('a damaged database with the WAL of a process that was killed', async () => {
    const [path, copy] = [newPath(), newPath()]
    writeFileSync(path, DATABASE)
    const store = await openSqliteStore(path)
    await store.append(arrivals(900))
    const wal = readFileSync(`${path}-wal`)
    await store.close()
    const bytes = flipped(pageBeside(wal), PAGE_BYTES)
    writeFileSync(copy, bytes)
    writeFileSync(`${copy}-wal`, wal)
    expect(await refusalOf(copy)).toBe(`${copy} ${damaged}`)
    expect(Buffer.compare(readFileSync(copy), bytes)).toBe(0)
    expect(Buffer.compare(readFileSync(`${copy}-wal`), wal)).toBe(0)
  })

  test('a folder', async () => {
    const path = newPath()
    mkdirSync(path)
    expect(await refusalOf(path)).toBe(`${path} is not a file`)
    expect(readdirSync(path)).toEqual([])
  })
})

describe('a path is refused in one clear line when it', () => {
  test('leads through a file', async () => {
    const path = newPath()
    writeFileSync(path, 'mine')
    const line = await refusalOf(`${path}/app.db`)
    expect(line).toStartWith(`cannot open ${path}/app.db: `)
    expect(line).toEndWith(': check the path and its permissions')
    expect(line).not.toContain('\n')
    expect(readFileSync(path, 'utf8')).toBe('mine')
  })

  test.each(['/proc/ackbox/app.db', '/proc/app.db'])('cannot be written, as %s', async (path) => {
    const line = await refusalOf(path)
    expect(line).toStartWith(`cannot open ${path}`)
    expect(line).toEndWith(': check the path and its permissions')
    expect(line).not.toContain('\n')
  })

  test('has a name that is too long', async () => {
    const line = await refusalOf(folder.file('x'.repeat(300)))
    expect(line).toStartWith('cannot open ')
    expect(line).not.toContain('\n')
  })
})

describe('a store opens', () => {
  test('in folders that are missing, and makes them', async () => {
    const path = folder.file('a/b/c/app.db')
    expect(await refusalOf(path)).toBe('not refused')
    expect(existsSync(path)).toBe(true)
  })

  test('in an empty file', async () => {
    const path = newPath()
    writeFileSync(path, '')
    expect(await refusalOf(path)).toBe('not refused')
    expect(readFileSync(path, 'latin1')).toStartWith('SQLite format 3\0')
  })

  test('in the files of a process that was killed, and has what is in all of them', async () => {
    const [path, copy] = [newPath(), newPath()]
    const killed = await openSqliteStore(path)
    await killed.append(arrivals(900))
    for (const end of ['', '-wal', '.arrivals', '.arrivals-wal']) {
      writeFileSync(`${copy}${end}`, readFileSync(`${path}${end}`))
    }
    await killed.close()
    const store = await openSqliteStore(copy)
    expect((await store.stats()).total_messages).toBe(900)
    await store.close()
    expect(existsSync(`${copy}-wal`)).toBe(false)
  })

  test('in a file that it made, whole', async () => {
    const path = newPath()
    writeFileSync(path, DATABASE)
    expect(await refusalOf(path)).toBe('not refused')
  })
})

describe('refuseOldSqlite', () => {
  test.each(['3.51.2', '3.50.4', '3.7.17', '2.99.99'])('refuses %s', (version) => {
    const line = `SQLite ${version} is older than 3.51.3: run ackbox on a newer Bun`
    expect(() => refuseOldSqlite(version)).toThrow(new StartRefused(line))
  })

  test.each(['3.51.3', '3.51.10', '3.54.1', '3.100.0', '4.0.0'])('takes %s', (version) => {
    expect(() => refuseOldSqlite(version)).not.toThrow()
  })
})
