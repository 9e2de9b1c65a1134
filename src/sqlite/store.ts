import type { Store } from '../store.ts'
import { MEMORY, openWriting, prepare } from './database.ts'
import { holdLock } from './lock.ts'
import { Reader } from './reader.ts'
import { EngineThread } from './threads.ts'
import { Writer } from './writer.ts'

/** A store in this thread's memory: for tests and trials; it ends with the process. */
function openMemory(): Store {
  const db = openWriting(MEMORY)
  const writer = new Writer(db)
  const reader = new Reader(db)
  return {
    append: async (batch) => writer.append(batch),
    list: async (query) => reader.list(query),
    find: async (messageId) => reader.find(messageId),
    stats: async () => reader.stats(),
    readAfter: async (seq, limit) => reader.readAfter(seq, limit),
    check: async () => writer.check(),
    close: async () => writer.close(),
  }
}

/**
 * A store in a file: one thread writes and one reads, so that the event loop never waits for the
 * disk and a slow search never delays an acknowledgement.
 */
async function openFile(path: string): Promise<Store> {
  prepare(path)
  const lock = holdLock(path)
  const writer = new EngineThread<Writer>()
  const reader = new EngineThread<Reader>()
  const end = () => {
    writer.terminate()
    reader.terminate()
    lock.close()
  }
  try {
    await writer.open('writer', path)
    await reader.open('reader', path)
  } catch (error) {
    end()
    throw error
  }
  return {
    append: (batch) => writer.call('append', batch),
    list: (query) => reader.call('list', query),
    find: (messageId) => reader.call('find', messageId),
    stats: () => reader.call('stats'),
    readAfter: (seq, limit) => reader.call('readAfter', seq, limit),
    check: () => writer.call('check'),
    close: async () => {
      // The last connection to close is the one that removes the WAL: the writer's.
      await reader.call('close')
      await writer.call('close')
      end()
    },
  }
}

/**
 * Opens the SQLite store at a path, or in memory for `:memory:`. Throws StartRefused with one
 * line for the operator: in use, foreign, damaged, of a newer release, or not to be opened.
 */
export async function openSqliteStore(path: string): Promise<Store> {
  return path === MEMORY ? openMemory() : openFile(path)
}
