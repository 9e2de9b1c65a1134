import { afterAll, describe, expect, test } from 'bun:test'
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
