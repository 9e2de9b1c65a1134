import { type Store, StoreUnavailable } from '../store.ts'
import type { Checkpointer } from './checkpointer.ts'
import { Checkpoints } from './checkpoints.ts'
import { MEMORY, openWriting, prepare } from './database.ts'
import type { Progress } from './derived.ts'
import { holdLock } from './lock.ts'
import { Reader } from './reader.ts'
import { EngineThread } from './threads.ts'
import { Writer } from './writer.ts'

/** A store in this thread's memory: for tests and trials; it ends with the process. */
function openMemory(): Store {
  const db = openWriting(MEMORY)
  const writer = new Writer(db)
  const reader = new Reader(db)
  let closed = false
  const call = async <T>(verb: () => T): Promise<T> => {
    if (closed) throw new StoreUnavailable('database not ready', 'the store is closed')
    return verb()
  }
  return {
    append: (batch) => call(() => writer.append(batch)),
    list: (query) => call(() => reader.list(query)),
    find: (messageId) => call(() => reader.find(messageId)),
    stats: () => call(() => reader.stats()),
    readAfter: (seq, limit) => call(() => reader.readAfter(seq, limit)),
    check: () => call(() => writer.check()),
    close: async () => {
      closed = true
      writer.close()
    },
  }
}

/** The threads of a store in a file, each with its connection. */
async function openThreads(path: string, progress: Progress) {
  const threads = {
    writer: new EngineThread<Writer>(progress),
    copier: new EngineThread<Checkpointer>(),
    reader: new EngineThread<Reader>(),
  }
  const { writer, copier, reader } = threads
  const terminate = () => {
    for (const thread of [writer, copier, reader]) thread.terminate()
  }
  try {
    await writer.open('writer', path)
    await Promise.all([copier.open('checkpointer', path), reader.open('reader', path)])
    return { ...threads, terminate }
  } catch (error) {
    terminate()
    throw error
  }
}

/**
 * A store in a file: one thread writes, one copies the WAL and one reads, so that the event loop
 * never waits for the disk and a slow search never delays an acknowledgement.
 */
async function openFile(path: string, progress: Progress): Promise<Store> {
  prepare(path)
  const lock = holdLock(path)
  const threads = await openThreads(path, progress).catch((error) => {
    lock.close()
    throw error
  })
  const { writer, copier, reader } = threads
  const checkpoints = new Checkpoints(writer, copier)
  return {
    append: async (batch) => {
      const answers = await writer.call('append', batch)
      checkpoints.noteCommit()
      return answers
    },
    list: (query) => reader.call('list', query),
    find: (messageId) => reader.call('find', messageId),
    stats: () => reader.call('stats'),
    readAfter: (seq, limit) => reader.call('readAfter', seq, limit),
    check: () => writer.call('check'),
    close: async () => {
      await checkpoints.settled()
      // The last connection to close is the one that removes the WAL: the writer's.
      await Promise.all([copier.call('close'), reader.call('close')])
      await writer.call('close')
      threads.terminate()
      lock.close()
    },
  }
}

/**
 * Opens the SQLite store at a path, or in memory for `:memory:`. Throws StartRefused with one
 * line for the operator: in use, foreign, damaged, of a newer release, or not to be opened. A
 * database of an older release is brought up to date first, which `progress` is told of.
 */
export async function openSqliteStore(path: string, progress: Progress = () => {}): Promise<Store> {
  return path === MEMORY ? openMemory() : openFile(path, progress)
}
