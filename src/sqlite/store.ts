import type { ListQuery } from '../query.ts'
import { QueryStopped, type Store, StoreUnavailable } from '../store.ts'
import type { Progress } from '../upkeep.ts'
import type { VolumeQuery } from '../volume.ts'
import type { Allowance } from './budget.ts'
import type { Checkpointer } from './checkpointer.ts'
import { Checkpoints } from './checkpoints.ts'
import { MEMORY, openWriting, prepare } from './database.ts'
import type { Indexer } from './indexer.ts'
import { Indexing } from './indexing.ts'
import { holdLock } from './lock.ts'
import { Reader } from './reader.ts'
import { EngineThread } from './threads.ts'
import { Writer } from './writer.ts'

/** How a store is opened. */
interface SqliteOptions {
  /** Longest time that one page may take. */
  readonly queryMilliseconds: number
  /** Told of the work on a database of an older release, before it is ready. */
  readonly progress: Progress
}

/** Questions that may wait for one thread; more are refused, so that none waits for minutes. */
const QUESTIONS_MAX = 64

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
    volume: (query) => call(() => reader.volume(query)),
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
    searcher: new EngineThread<Reader>(),
    indexer: new EngineThread<Indexer>(),
  }
  const { writer, copier, reader, searcher, indexer } = threads
  const terminate = () => {
    for (const thread of Object.values(threads)) thread.terminate()
  }
  try {
    await writer.open('writer', path)
    const beside = [copier.open('checkpointer', path), reader.open('reader', path)]
    await Promise.all([...beside, indexer.open('indexer', path)])
    await searcher.open('searcher', path)
    return { ...threads, terminate }
  } catch (error) {
    terminate()
    throw error
  }
}

type Threads = Awaited<ReturnType<typeof openThreads>>

/** Asks a thread, unless too many questions wait for it already. */
async function ask<T>(thread: EngineThread<Reader>, question: () => Promise<T>): Promise<T> {
  if (thread.waiting >= QUESTIONS_MAX) throw new QueryStopped('busy')
  return question()
}

/** Whether a query may have to look at many messages one by one. */
const isSearch = ({ q, from, to }: ListQuery) =>
  q !== undefined || (from !== undefined && to !== undefined)

/** Asks with an allowance; the signal stops the thread at its next look at its budget. */
async function askWithin<T>(
  milliseconds: number,
  signal: AbortSignal | undefined,
  question: (allowance: Allowance) => Promise<T>,
): Promise<T> {
  const gone = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  const leave = () => void Atomics.store(gone, 0, 1)
  if (signal?.aborted) leave()
  signal?.addEventListener('abort', leave)
  try {
    return await question({ milliseconds, gone })
  } finally {
    signal?.removeEventListener('abort', leave)
  }
}

/** Asks for a page. */
function askPage({ reader, searcher }: Threads, query: ListQuery, allowance: Allowance) {
  return isSearch(query)
    ? ask(searcher, () => searcher.call('search', query, allowance))
    : ask(reader, () => reader.call('list', query, allowance))
}

/** Asks for counts; those that are not kept take as long as a search may. */
function askVolume({ reader, searcher }: Threads, query: VolumeQuery, allowance: Allowance) {
  const thread = query.bucket === 'minute' || query.from !== undefined ? searcher : reader
  return ask(thread, () => thread.call('volume', query, allowance))
}

/** Ends the threads in order: the writer's connection is the last, and removes the WAL. */
async function closeThreads(threads: Threads): Promise<void> {
  const { writer, copier, reader, searcher, indexer } = threads
  await searcher.call('close')
  await Promise.all([copier.call('close'), reader.call('close'), indexer.call('close')])
  await writer.call('close')
  threads.terminate()
}

/**
 * A store in a file. Writing, copying the WAL, quick questions, searches and indexing have a
 * thread each: the event loop never waits for the disk, and a slow search delays neither an
 * acknowledgement nor a quick question.
 */
async function openFile(given: string, options: SqliteOptions): Promise<Store> {
  const path = prepare(given)
  const lock = holdLock(path)
  const threads = await openThreads(path, options.progress).catch((error) => {
    lock.close()
    throw error
  })
  const { writer, reader } = threads
  const checkpoints = new Checkpoints(writer, threads.copier)
  const indexing = new Indexing(threads.indexer)
  indexing.note(0)
  return {
    append: async (batch) => {
      const answers = await writer.call('append', batch)
      checkpoints.noteCommit()
      indexing.note(batch.length)
      return answers
    },
    list: (query, signal) =>
      askWithin(options.queryMilliseconds, signal, (allowance) =>
        askPage(threads, query, allowance),
      ),
    volume: (query, signal) =>
      askWithin(options.queryMilliseconds, signal, (allowance) =>
        askVolume(threads, query, allowance),
      ),
    find: (messageId) => ask(reader, () => reader.call('find', messageId)),
    stats: () => ask(reader, () => reader.call('stats')),
    readAfter: (seq, limit) => ask(reader, () => reader.call('readAfter', seq, limit)),
    check: () => writer.call('check'),
    close: async () => {
      await Promise.all([checkpoints.settled(), indexing.stop()])
      await closeThreads(threads)
      lock.close()
    },
  }
}

const DEFAULTS: SqliteOptions = { queryMilliseconds: 10_000, progress: () => {} }

/**
 * Opens the SQLite store at a path, or in memory for `:memory:`. Throws StartRefused with one
 * line for the operator: in use, foreign, damaged, of a newer release, or not to be opened.
 */
export async function openSqliteStore(
  path: string,
  options: Partial<SqliteOptions> = {},
): Promise<Store> {
  return path === MEMORY ? openMemory() : openFile(path, { ...DEFAULTS, ...options })
}
