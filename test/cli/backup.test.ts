import { Database } from 'bun:sqlite'
import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { openSqliteStore } from '../../src/sqlite/store.ts'
import { makeStore, verify } from '../sqlite/upkept.ts'
import { until } from '../support/deadline.ts'
import { openFolder } from '../support/folder.ts'
import { arrivals } from '../support/messages.ts'
import { openConsole } from './console.ts'

// Above the deadlines of what is waited for, so that those say what did not happen.
setDefaultTimeout(30_000)

const folder = openFolder()
afterAll(() => folder[Symbol.dispose]())

const newPath = () => folder.file(`${crypto.randomUUID()}.db`)

/** Backs a database up in this process, with no other setting. */
async function backUp(path: string, file: string, overrides = {}) {
  const env = { DATABASE_URL: `sqlite:///${path}` }
  const console = openConsole({ env, ...overrides })
  const code = await console.run('backup', file)
  return { code, out: console.out(), err: console.err() }
}

/** The ids of all messages in a database, in the order of their arrival. */
async function idsIn(path: string): Promise<string[]> {
  const store = await openSqliteStore(path)
  const rows = await store.readAfter(0, 10_000)
  await store.close()
  return rows.map(({ message_id }) => message_id)
}

/** What was left beside a file under names that begin with its own. */
const partsOf = (file: string) =>
  readdirSync(folder.path).filter((name) => name.startsWith(`${file.split('/').at(-1)}.`))

/** Changes an id in the index on ids, as a failing disk or memory might. */
function spoilIndex(path: string): void {
  const db = new Database(path, { readonly: true })
  const sql = "SELECT rootpage FROM sqlite_schema WHERE name = 'messages_by_id'"
  const row = db.query<{ rootpage: number }, []>(sql).get()
  const page = db.query<{ page_size: number }, []>('PRAGMA page_size').get()
  db.close(true)
  const bytes = readFileSync(path)
  const at = bytes.indexOf('m20', ((row?.rootpage ?? 0) - 1) * (page?.page_size ?? 0))
  bytes.write('m21', at)
  writeFileSync(path, bytes)
}

describe('backup', () => {
  test('copies what is acknowledged and not settled yet, while the store is served', async () => {
    const [path, file] = [newPath(), newPath()]
    const store = await openSqliteStore(path)
    await store.append(arrivals(30))
    const { code, out, err } = await backUp(path, file)
    const bytes = statSync(file).size
    const lines = `copy       30 messages\nintegrity  ok\nfile       ${file}, ${bytes} bytes\n`
    expect({ code, out, err }).toEqual({ code: 0, out: lines, err: '' })
    expect(await store.append(arrivals(31))).toHaveLength(31)
    await store.close()
    expect(verify(file)).toEqual({})
    expect(await idsIn(file)).toEqual(arrivals(30).map(({ message_id }) => message_id))
  })

  test('copies what a killed service left in its logs, and leaves that as it was', async () => {
    const [living, path, file] = [newPath(), newPath(), newPath()]
    const store = await openSqliteStore(living)
    await store.append(arrivals(30))
    expect((await store.stats()).total_messages).toBe(30)
    await store.append(arrivals(50))
    for (const name of ['', '.arrivals'].flatMap((each) => [each, `${each}-wal`])) {
      copyFileSync(living + name, path + name)
    }
    await store.close()
    const before = [path, `${path}.arrivals`].map((each) => readFileSync(each))
    expect((await backUp(path, file)).code).toBe(0)
    expect([path, `${path}.arrivals`].map((each) => readFileSync(each))).toEqual(before)
    expect(verify(file)).toEqual({})
    expect(await idsIn(file)).toEqual(arrivals(50).map(({ message_id }) => message_id))
  })

  test('leaves nothing beside its file, which has the permissions of the database', async () => {
    const [path, file] = [newPath(), newPath()]
    makeStore(path, 10)
    chmodSync(path, 0o640)
    expect((await backUp(path, file)).code).toBe(0)
    expect(partsOf(file)).toEqual([])
    expect((statSync(file).mode & 0o777).toString(8)).toBe('640')
    expect(statSync(file).nlink).toBe(1)
    expect(existsSync(`${path}-wal`)).toBe(false)
  })

  test('never overwrites a file', async () => {
    const [path, file] = [newPath(), newPath()]
    makeStore(path, 10)
    writeFileSync(file, 'precious')
    const err = `ackbox: ${file} is there already, and is left as it was: name a new file\n`
    expect(await backUp(path, file)).toEqual({ code: 1, out: '', err })
    expect(readFileSync(file, 'utf8')).toBe('precious')
  })

  test.each(['', '-journal', '.search', '.arrivals', '.arrivals-wal', '.lock'])(
    'takes no name of the store itself, as the database with %j behind it',
    async (ending) => {
      const path = newPath()
      makeStore(path, 10)
      const file = ending === '' ? '' : `${path}${ending}`
      if (file !== '') rmSync(file, { force: true })
      const err = `ackbox: "${file}" is no name for a copy: name another file\n`
      expect(await backUp(path, file)).toEqual({ code: 1, out: '', err })
      expect((await backUp(path, `${path}.bak`)).code).toBe(0)
    },
  )

  test('does not overwrite one that appears while the copy is made', async () => {
    const [path, file] = [newPath(), newPath()]
    makeStore(path, 10)
    const { code, err } = await backUp(path, file, {
      stdout: (line: string) => {
        if (line.startsWith('integrity')) writeFileSync(file, 'precious')
      },
    })
    expect([code, err]).toEqual([1, expect.stringContaining(`cannot make ${file}: EEXIST`)])
    expect(readFileSync(file, 'utf8')).toBe('precious')
    expect(partsOf(file)).toEqual([])
  })

  test('makes no file of a copy that is damaged, and says what is', async () => {
    const [path, file] = [newPath(), newPath()]
    makeStore(path, 20)
    spoilIndex(path)
    const { code, out } = await backUp(path, file)
    expect(code).toBe(1)
    expect(out).toContain('integrity  row 20 missing from index')
    expect(out).toContain('file       not made: the copy is damaged\n')
    expect([existsSync(file), partsOf(file)]).toEqual([false, []])
  })

  test.each([['SIGINT', 130] as const, ['SIGTERM', 143] as const])(
    'leaves nothing behind when it is stopped by %s',
    async (signal, exit) => {
      const [path, file] = [newPath(), newPath()]
      makeStore(path, 2000)
      const env = { DATABASE_URL: `sqlite:///${path}` }
      const stdout = (line: string) => {
        if (line.startsWith('copy')) console.signal(signal)
      }
      const console = openConsole({ env, stdout })
      expect(await console.run('backup', file)).toBe(exit)
      expect([existsSync(file), partsOf(file)]).toEqual([false, []])
      expect(console.listeners()).toBe(0)
    },
  )

  test('shows a bar on a terminal', async () => {
    const [path, file] = [newPath(), newPath()]
    makeStore(path, 5000)
    const env = { DATABASE_URL: `sqlite:///${path}` }
    const console = openConsole({ env, isTerminal: true })
    const running = console.run('backup', file)
    await until('the copy is shown', () => {
      console.tick(100)
      return /\[[#-]{24}\] copy/.test(console.err())
    })
    expect(await running).toBe(0)
  })

  test('refuses a database in memory, an absent one, and an absent folder', async () => {
    const path = newPath()
    expect((await backUp(':memory:', newPath())).err).toContain('a database in memory ends')
    expect((await backUp(path, newPath())).err).toContain(`${path} does not exist`)
    makeStore(path, 1)
    expect((await backUp(path, folder.file('none/copy.db'))).err).toContain('cannot make')
  })
})
