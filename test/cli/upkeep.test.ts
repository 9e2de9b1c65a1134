import { Database } from 'bun:sqlite'
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { openSqliteStore } from '../../src/sqlite/store.ts'
import { makeStore } from '../sqlite/upkept.ts'
import { inTime } from '../support/deadline.ts'
import { openFolder } from '../support/folder.ts'
import { openConsole } from './console.ts'

// Above the deadlines of what is waited for, so that those say what did not happen.
setDefaultTimeout(60_000)

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname

/** Some seconds of work, and more than catching up counts in one transaction. */
const MESSAGES = 24_000

const folder = openFolder()
const whole = folder.file('whole.db')
beforeAll(() => makeStore(whole, MESSAGES))
afterAll(() => folder[Symbol.dispose]())

function copyStore(): string {
  const path = folder.file(`${crypto.randomUUID()}.db`)
  for (const suffix of ['', '.search']) copyFileSync(whole + suffix, path + suffix)
  return path
}

function execute(path: string, sql: string): void {
  const db = new Database(path)
  db.run(sql)
  db.close(true)
}

const urlOf = (path: string) => `sqlite:///${path}`

/** Runs a command in this process on the database at a path, with no other setting. */
async function run(command: string, path: string, overrides = {}) {
  const console = openConsole({ env: { DATABASE_URL: urlOf(path) }, ...overrides })
  const code = await console.run(command)
  return { code, out: console.out(), err: console.err() }
}

const CLEAN = `integrity    ok
schema       ok
messages     ok
senders      ok
recipients   ok
days         ok
hours        ok
top_senders  ok
derived      ok
search       ok
`

describe('verify-store', () => {
  test('prints a line for each check, and exits with 0 where all is well', async () => {
    expect(await run('verify-store', whole)).toEqual({ code: 0, out: CLEAN, err: '' })
  })

  test('exits with 1 and names the difference', async () => {
    const path = copyStore()
    execute(path, "UPDATE recipients SET count = 7 WHERE number = '+90'")
    const recipients = 'recipients   1 different: +90 has 7, recounted 8000\n'
    const out = CLEAN.replace('recipients   ok\n', recipients)
    expect(await run('verify-store', path)).toEqual({ code: 1, out, err: '' })
  })

  test('makes no file and no folder where there is none', async () => {
    const path = folder.file('none/app.db')
    const line = `ackbox: ${path} does not exist: set DATABASE_URL to that of the service\n`
    expect(await run('verify-store', path)).toEqual({ code: 1, out: '', err: line })
    expect(existsSync(folder.file('none'))).toBe(false)
  })

  test('shows a bar on a terminal, and erases it before the line of a check', async () => {
    const console = openConsole({ env: { DATABASE_URL: urlOf(whole) }, isTerminal: true })
    const { io } = console
    const stdout = (text: string) => {
      expect(console.err()).toEndWith('\r\u001b[K')
      io.stdout(text)
    }
    const ticking = openConsole({ ...io, stdout, stderr: io.stderr, every: drawAtOnce })
    expect(await ticking.run('verify-store')).toBe(0)
    expect(console.out()).toBe(CLEAN)
    expect(console.err()).toContain('\r\u001b[Kintegrity')
  })
})

/** An interval that comes once, at once. */
const drawAtOnce = (_milliseconds: number, tick: () => void) => {
  tick()
  return () => {}
}

describe('rebuild', () => {
  test('mends what is derived, and says so', async () => {
    const path = copyStore()
    execute(path, 'DELETE FROM senders')
    const { code, out, err } = await run('rebuild', path)
    expect([code, err]).toEqual([0, ''])
    expect(out).toEndWith('counts   24000 messages counted\nsearch   24000 messages indexed\n')
    expect(await run('verify-store', path)).toEqual({ code: 0, out: CLEAN, err: '' })
  })

  test('exits with 1 for what it cannot mend', async () => {
    const path = copyStore()
    execute(path, "UPDATE messages SET ts = 'then' WHERE seq = 3")
    const { code, out } = await run('rebuild', path)
    expect(code).toBe(1)
    expect(out).toContain('columns  1 different: seq 3 has a ts that is no instant\n')
  })
})

describe.each(['rebuild', 'verify-store'])('%s', (command) => {
  test('is refused while the store is served', async () => {
    const path = copyStore()
    const store = await openSqliteStore(path)
    const { code, out, err } = await run(command, path)
    await store.close()
    expect([code, out]).toEqual([1, ''])
    const advice = 'stop that one, or set another DATABASE_URL'
    expect(err).toBe(`ackbox: ${path} is in use by another ackbox process: ${advice}\n`)
    expect((await run('verify-store', path)).code).toBe(0)
  })

  test('refuses a database in memory and a malformed setting', async () => {
    const { err } = await run(command, ':memory:')
    expect(err).toBe('ackbox: a database in memory ends with its process: name a file\n')
    const console = openConsole({ env: { DATABASE_URL: 'mysql://a/b' } })
    expect(await console.run(command)).toBe(1)
    expect(console.err()).toMatch(/^ackbox: DATABASE_URL must be [^\n]+\n$/)
  })

  test('leaves a file that is not ours, and a damaged one, as they are', async () => {
    const foreign = folder.file('notes.txt')
    writeFileSync(foreign, 'not a database\n')
    const damaged = copyStore()
    const bytes = readFileSync(damaged).subarray(0, 4096 * 20)
    writeFileSync(damaged, bytes)
    for (const [path, words] of [
      [foreign, 'is not an SQLite database'],
      [damaged, 'is damaged'],
    ] as const) {
      const before = readFileSync(path)
      const { code, err } = await run(command, path)
      expect([code, err]).toEqual([1, expect.stringContaining(`ackbox: ${path} ${words}`)])
      expect(readFileSync(path)).toEqual(before)
    }
  })
})

/** Starts `ackbox rebuild` as a process and kills it as soon as it has said that a step is done. */
async function killAfter(step: string, path: string): Promise<number> {
  const child = Bun.spawn([process.execPath, MAIN, 'rebuild'], {
    env: { PATH: process.env.PATH, DATABASE_URL: urlOf(path) },
    stdout: 'pipe',
    stderr: 'inherit',
  })
  let out = ''
  const decoder = new TextDecoder()
  for await (const chunk of child.stdout) {
    out += decoder.decode(chunk)
    if (new RegExp(`^${step} `, 'm').test(out)) break
  }
  child.kill('SIGKILL')
  return await inTime('the killed process to end', child.exited)
}

describe('kill -9 in the middle of rebuild', () => {
  // The next step is under way then, and the last one takes the longest.
  const moments = ['clear', 'indexes', 'columns', 'counts']

  test.each(moments)('after %s costs nothing when it is run again', async (step) => {
    const path = copyStore()
    execute(path, 'UPDATE hours SET count = count + 1')
    expect(await killAfter(step, path)).toBe(137)
    expect((await run('rebuild', path)).code).toBe(0)
    expect(await run('verify-store', path)).toEqual({ code: 0, out: CLEAN, err: '' })
  })

  test.each(moments)('after %s costs nothing when the store is started', async (step) => {
    const path = copyStore()
    execute(path, 'UPDATE hours SET count = count + 1')
    expect(await killAfter(step, path)).toBe(137)
    await (await openSqliteStore(path)).close()
    expect(await run('verify-store', path)).toEqual({ code: 0, out: CLEAN, err: '' })
  })
})
