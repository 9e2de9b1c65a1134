import { type Store, StoreUnavailable } from '../store.ts'
import { openWriting } from './database.ts'
import { MEMORY } from './identity.ts'
import type { Settled } from './move.ts'
import { Reader } from './reader.ts'
import { Settler } from './settler.ts'
import { Writer } from './writer.ts'

/** A store in this thread's memory: for tests and trials; it ends with the process. */
export function openMemory(): Store {
  const db = openWriting(MEMORY)
  const writer = new Writer(db)
  // Nobody peeks into it: what is in memory can always be moved.
  const settler = new Settler(db, () => 0)
  const reader = new Reader(db)
  let closed = false
  let settled: Settled | undefined
  const call = async <T>(verb: () => T): Promise<T> => {
    if (closed) throw new StoreUnavailable('database not ready', 'the store is closed')
    return verb()
  }
  const read = <T>(verb: () => T) =>
    call(() => {
      settled = settler.settle()
      return verb()
    })
  return {
    append: (batch) => call(() => writer.append(batch, settled)),
    stored: () => writer.lastSeq(),
    list: (query) => read(() => reader.list(query)),
    find: (messageId) => read(() => reader.find(messageId)),
    stats: () => read(() => reader.stats()),
    volume: (query) => read(() => reader.volume(query)),
    readAfter: (seq, limit) => read(() => reader.readAfter(seq, limit)),
    listStatuses: (query) => read(() => reader.listStatuses(query)),
    findStatus: (messageId) => read(() => reader.findStatus(messageId)),
    listKept: (query) => read(() => reader.listKept(query)),
    check: () => call(() => settler.check()),
    close: async () => {
      closed = true
      settler.close()
    },
  }
}
