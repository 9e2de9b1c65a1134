import { afterAll, describe, expect, test } from 'bun:test'
import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { openWriting } from '../../src/sqlite/database.ts'
import type { Settler } from '../../src/sqlite/settler.ts'
import { EngineThread } from '../../src/sqlite/threads.ts'
import type { Writer } from '../../src/sqlite/writer.ts'
import { StartRefused } from '../../src/start_refused.ts'
import { StoreUnavailable } from '../../src/store.ts'
import { openFolder } from '../support/folder.ts'
import { arrivals } from '../support/messages.ts'

const folder = openFolder()
afterAll(() => folder[Symbol.dispose]())

/** A thread with a writer of a new database. */
async function openThread(): Promise<EngineThread<Writer>> {
  const path = folder.file(`${crypto.randomUUID()}.db`)
  openWriting(path).close(true)
  const thread = new EngineThread<Writer>()
  await thread.open('writer', path)
  return thread
}

describe('a thread', () => {
  test('answers every call with its own answer', async () => {
    const thread = await openThread()
    const batches = [1, 3, 2, 0].map((count) => thread.call('append', arrivals(count)))
    const lengths = (await Promise.all(batches)).map((answers) => answers.length)
    expect(lengths).toEqual([1, 3, 2, 0])
    await thread.call('close')
    thread.terminate()
  })

  test('is opened by its first call, whichever and however many come at once', async () => {
    const path = folder.file(`${crypto.randomUUID()}.db`)
    const thread = new EngineThread<Settler>()
    thread.openLater('settler', path)
    expect(existsSync(path)).toBe(false)
    await Promise.all([thread.call('check'), thread.call('check')])
    expect(existsSync(path)).toBe(true)
    await thread.close()
    thread.terminate()
  })

  test('that was never called is closed without having been opened', async () => {
    const path = folder.file(`${crypto.randomUUID()}.db`)
    const thread = new EngineThread<Settler>()
    thread.openLater('settler', path)
    await thread.close()
    thread.terminate()
    expect(existsSync(path)).toBe(false)
    await expect(thread.call('check')).rejects.toBeInstanceOf(StoreUnavailable)
  })

  test('whose opening failed is opened by a later call', async () => {
    const path = join(folder.file(crypto.randomUUID()), 'app.db')
    const thread = new EngineThread<Settler>()
    thread.openLater('settler', path)
    await expect(thread.call('check')).rejects.toBeInstanceOf(StartRefused)
    mkdirSync(dirname(path))
    await thread.call('check')
    await thread.close()
    thread.terminate()
  })

  test('takes the same arguments as one text', async () => {
    const thread = await openThread()
    const [first, second] = [arrivals(1), arrivals(2)]
    expect(await thread.callPlain('append', first)).toMatchObject([{ result: 'created', seq: 1 }])
    const results = (await thread.call('append', second)).map(
      (each) => 'result' in each && each.result,
    )
    expect(results).toEqual(['duplicate', 'created'])
    await thread.close()
    thread.terminate()
  })

  test('refuses a path that cannot be opened, as the engine does', async () => {
    const thread = new EngineThread<Settler>()
    const opening = thread.open('settler', '/proc/app.db')
    await expect(opening).rejects.toBeInstanceOf(StartRefused)
    thread.terminate()
  })

  test('that dies makes the calls that wait and all later ones unavailable', async () => {
    const thread = await openThread()
    const waiting = Promise.allSettled([
      thread.call('append', arrivals(1000)),
      thread.call('check'),
      thread.call('append', arrivals(1000)),
    ])
    thread.terminate()
    const reasons = (await waiting).map((each) => each.status === 'rejected' && each.reason)
    expect(reasons.at(-1)).toBeInstanceOf(StoreUnavailable)
    expect(reasons.filter((reason) => reason && !(reason instanceof StoreUnavailable))).toEqual([])
    await expect(thread.call('check')).rejects.toBeInstanceOf(StoreUnavailable)
    await expect(thread.call('append', arrivals(1))).rejects.toThrow('database not ready')
  })
})
