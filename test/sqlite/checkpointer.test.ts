import type { Database } from 'bun:sqlite'
import { afterAll, describe, expect, test } from 'bun:test'
import { statSync } from 'node:fs'
import { Checkpointer } from '../../src/sqlite/checkpointer.ts'
import { Checkpoints } from '../../src/sqlite/checkpoints.ts'
import { openBeside, openReading } from '../../src/sqlite/connection.ts'
import type { Settler } from '../../src/sqlite/settler.ts'
import { EngineThread } from '../../src/sqlite/threads.ts'
import type { Writer } from '../../src/sqlite/writer.ts'
import { until } from '../support/deadline.ts'
import { openFolder } from '../support/folder.ts'
import { arrival, arrivals } from '../support/messages.ts'
import { openEngine } from './engine.ts'

const folder = openFolder()
afterAll(() => folder[Symbol.dispose]())

/** A new database in a file, with its writer. */
function openNew() {
  const path = folder.file(`${crypto.randomUUID()}.db`)
  const engine = openEngine(path)
  return { path, engine, walBytes: () => statSync(`${path}-wal`).size }
}

const KIB = 'x'.repeat(1024)

const WAL_BYTES_MAX = 2_097_152

/** Readers of whom one begins before the last one ends, so that somebody always reads. */
class Relay {
  readonly #probe: Database
  #reading: Database
  #next: Database

  constructor(path: string) {
    this.#probe = openBeside(path)
    this.#probe.run('PRAGMA busy_timeout = 0')
    this.#reading = openReading(path)
    this.#next = openReading(path)
  }

  passOn(): void {
    this.#next.run('BEGIN')
    this.#next.query('SELECT count(*) FROM messages').get()
    if (this.#reading.inTransaction) this.#reading.run('COMMIT')
    ;[this.#reading, this.#next] = [this.#next, this.#reading]
  }

  /** Whether a checkpoint holds the lock of who writes, as it does while it waits for readers. */
  isWaitedFor(): boolean {
    try {
      this.#probe.run('BEGIN IMMEDIATE')
    } catch {
      return true
    }
    this.#probe.run('ROLLBACK')
    return false
  }

  close(): void {
    for (const db of [this.#reading, this.#next, this.#probe]) db.close()
  }
}

async function openThreads(path: string) {
  const settler = new EngineThread<Settler>()
  const [writer, copier] = [new EngineThread<Writer>(), new EngineThread<Checkpointer>()]
  await settler.open('settler', path)
  await Promise.all([writer.open('writer', path), copier.open('checkpointer', path)])
  return { settler, writer, copier }
}

/** Stores so many batches of 100 KiB, and returns how many bytes the WAL has then. */
function fill(store: ReturnType<typeof openNew>, batches: number): number {
  for (let n = 0; n < batches; n += 1) {
    const batch = arrivals(100, { text: KIB }).map((each) => ({
      ...each,
      message_id: crypto.randomUUID(),
    }))
    store.engine.append(batch)
    store.engine.settle()
  }
  return store.walBytes()
}

describe('a checkpoint', () => {
  test('copies nothing before there are enough pages', () => {
    const { path, engine } = openNew()
    engine.append([arrival()])
    engine.settle()
    const copier = new Checkpointer(openBeside(path))
    const before = statSync(path).size
    expect(copier.copy(10_000)).toBe(false)
    expect(statSync(path).size).toBe(before)
    expect(copier.copy(1)).toBe(true)
    expect(statSync(path).size).toBeGreaterThan(before)
    copier.close()
    engine.close()
  })

  test('that is finished lets the WAL begin anew', () => {
    const store = openNew()
    const size = fill(store, 20)
    store.engine.finishCheckpoint(1_000_000, 15_000)
    expect(fill(store, 10)).toBe(size)
    store.engine.close()
  })

  test('leaves a WAL alone that somebody reads, while it is not too long', () => {
    const store = openNew()
    const size = fill(store, 20)
    const reading = openReading(store.path)
    reading.run('BEGIN')
    reading.query('SELECT count(*) FROM messages').get()
    // One that waited all the same would do so beyond the time that a test may take.
    store.engine.finishCheckpoint(1_000_000, 60_000)
    expect(fill(store, 10)).toBeGreaterThan(size)
    reading.close(true)
    store.engine.close()
  })

  test('of a WAL that is too long waits for who reads it, and for nobody later', async () => {
    const path = folder.file('long.db')
    const [settler, writer] = [new EngineThread<Settler>(), new EngineThread<Writer>()]
    await settler.open('settler', path)
    await writer.open('writer', path)
    const size = () => statSync(`${path}-wal`).size
    const append = async (id: string) => {
      await writer.call('append', [arrival({ message_id: id, text: KIB })])
      await settler.call('settle')
    }
    for (let n = 0; n < 20; n += 1) await append(`m${n}`)
    const [first, later] = [openReading(path), openReading(path)]
    const read = (db: typeof first) => {
      db.run('BEGIN')
      db.query('SELECT count(*) FROM messages').get()
    }
    read(first)
    const copier = new Checkpointer(openBeside(path))
    expect(copier.copy(1)).toBe(true)
    const finished = settler.call('finishCheckpoint', 1, 15_000)
    read(later)
    first.run('COMMIT')
    await finished
    const before = size()
    for (let n = 20; n < 25; n += 1) await append(`m${n}`)
    expect(size()).toBe(before)
    copier.close()
    first.close(true)
    later.close(true)
    await writer.call('close')
    await settler.call('close')
    for (const thread of [writer, settler]) thread.terminate()
  })

  test('bounds a WAL that somebody reads at every moment, however much is written', async () => {
    const path = folder.file('read.db')
    const threads = await openThreads(path)
    const { settler, writer, copier } = threads
    const checkpoints = new Checkpoints(settler, copier, WAL_BYTES_MAX)
    const relay = new Relay(path)
    let walBytes = 0
    for (let n = 0; n < 40; n += 1) {
      const batch = arrivals(100, { text: KIB })
      await writer.call(
        'append',
        batch.map((each, m) => ({ ...each, message_id: `${n} ${m}` })),
      )
      await settler.call('settle')
      // Begins where pages are in the WAL alone, and so keeps it from being begun anew.
      relay.passOn()
      checkpoints.noteMove()
      let done = false
      void checkpoints.settled().then(() => {
        done = true
      })
      // Who reads goes when it is waited for; whoever comes then needs the database alone.
      await until('the checkpoint', () => {
        if (relay.isWaitedFor()) relay.passOn()
        return done
      })
      walBytes = Math.max(walBytes, statSync(`${path}-wal`).size)
    }
    expect(statSync(path).size).toBeGreaterThan(2 * WAL_BYTES_MAX)
    expect(walBytes).toBeLessThan(2 * WAL_BYTES_MAX)
    relay.close()
    for (const thread of [writer, copier, settler]) await thread.close()
    for (const thread of [writer, copier, settler]) thread.terminate()
  })
})
