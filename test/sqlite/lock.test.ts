import { afterAll, describe, expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openSqliteStore } from '../../src/sqlite/store.ts'
import { StartRefused } from '../../src/start_refused.ts'
import { openFolder } from '../support/folder.ts'
import { arrivals, listQuery } from '../support/messages.ts'

const folder = openFolder()
afterAll(() => folder[Symbol.dispose]())

const newPath = () => folder.file(`${crypto.randomUUID()}.db`)

const inUse = (path: string) =>
  new StartRefused(
    `${path} is in use by another ackbox process: stop that one, or set another DATABASE_URL`,
  )

/** A program that opens a store, stores ten messages, says so, and stays while its stdin does. */
const program = (path: string) => `
  import { openSqliteStore } from '${join(import.meta.dir, '../../src/sqlite/store.ts')}'
  import { arrivals } from '${join(import.meta.dir, '../support/messages.ts')}'
  const store = await openSqliteStore(${JSON.stringify(path)})
  const answers = await store.append(arrivals(10))
  console.log(answers.length)
  await Bun.stdin.text()
`

/** Runs that program while `work` does, from when it has stored its messages, and kills it. */
async function whileHeld(path: string, work: () => Promise<void>): Promise<void> {
  const command = [process.execPath, '-e', program(path)]
  const child = Bun.spawn(command, { stdin: 'pipe', stdout: 'pipe', stderr: 'inherit' })
  try {
    const { value } = await child.stdout.getReader().read()
    expect(new TextDecoder().decode(value)).toBe('10\n')
    await work()
  } finally {
    child.kill('SIGKILL')
    await child.exited
  }
}

describe('a database file', () => {
  test('is refused a second time in one process, until the first store is closed', async () => {
    const path = newPath()
    const first = await openSqliteStore(path)
    await expect(openSqliteStore(path)).rejects.toThrow(inUse(path))
    expect(await first.append(arrivals(1))).toMatchObject([{ result: 'created' }])
    await first.close()
    const second = await openSqliteStore(path)
    expect((await second.list(listQuery())).total).toBe(1)
    await second.close()
  })

  test('is refused while another process has it, and free as soon as that is killed', async () => {
    const path = newPath()
    await whileHeld(path, async () => {
      await expect(openSqliteStore(path)).rejects.toThrow(inUse(path))
    })
    expect(existsSync(`${path}-wal`)).toBe(true)
    const store = await openSqliteStore(path)
    expect((await store.stats()).total_messages).toBe(10)
    await store.close()
  })

  test('leaves no WAL and no shared memory behind when it is closed', async () => {
    const path = newPath()
    const store = await openSqliteStore(path)
    await store.append(arrivals(10))
    expect(existsSync(`${path}-wal`)).toBe(true)
    await store.close()
    expect([existsSync(`${path}-wal`), existsSync(`${path}-shm`)]).toEqual([false, false])
  })

  test('in memory may be opened as often as one likes', async () => {
    const stores = [await openSqliteStore(':memory:'), await openSqliteStore(':memory:')]
    await stores[0]?.append(arrivals(1))
    const totals = stores.map(async (store) => (await store.list(listQuery())).total)
    expect(await Promise.all(totals)).toEqual([1, 0])
  })
})
