import { lengthOf, sizeOf, type Unit } from '../bundle.ts'
import type { KeptQuery, StatusQuery } from '../listing.ts'
import type { ListQuery } from '../query.ts'
import type { Store } from '../store.ts'
import type { Progress } from '../upkeep.ts'
import type { VolumeQuery } from '../volume.ts'
import type { Allowance } from './budget.ts'
import type { Checkpointer } from './checkpointer.ts'
import { Checkpoints } from './checkpoints.ts'
import { prepare } from './connection.ts'
import { MEMORY } from './identity.ts'
import type { Indexer } from './indexer.ts'
import { Indexing } from './indexing.ts'
import { awaitLock, type LockWait } from './lock.ts'
import { Questions } from './questions.ts'
import type { Question, Reader } from './reader.ts'
import { Room } from './room.ts'
import type { Settler } from './settler.ts'
import { Settling } from './settling.ts'
import { StoredCount } from './stored.ts'
import { type Arguments, EngineThread, type Result } from './threads.ts'
import type { Writer } from './writer.ts'

/** How a store is opened. */
interface SqliteOptions {
  /** Longest time that one page may take. */
  readonly queryMilliseconds: number
  /** Told of the work on a database of an older release, before it is ready. */
  readonly progress: Progress
  /** Calls `tick` at that interval of milliseconds until the returned function is called. */
  readonly every: (milliseconds: number, tick: () => void) => () => void
  /** How to wait for another process that has the file. */
  readonly lockWait: LockWait
  /** Size from which the WAL waits for its readers. */
  readonly walBytesMax: number
  /** Bytes of the disk that must stay free. */
  readonly freeBytesMin: number
}

/**
 * How often what has been acknowledged is moved to the stored messages, where no reader asks for
 * it. The more are moved at a time, the less each costs, as they share pages of the indexes; but
 * a reader may have to wait for the move of so many.
 */
const SETTLE_MILLISECONDS = 1000

/** The threads of a store in a file, each with its connection. */
async function openThreads(path: string, progress: Progress) {
  const threads = {
    settler: new EngineThread<Settler>(progress),
    writer: new EngineThread<Writer>(),
    checkpointer: new EngineThread<Checkpointer>(),
    reader: new EngineThread<Reader>(),
    searcher: new EngineThread<Reader>(),
    indexer: new EngineThread<Indexer>(),
  }
  const { settler, writer, checkpointer, reader, searcher, indexer } = threads
  const terminate = () => {
    for (const thread of Object.values(threads)) thread.terminate()
  }
  try {
    // It loads while the database is made ready.
    writer.start()
    await settler.open('settler', path)
    await writer.open('writer', path)
    const stored = new StoredCount(await writer.call('lastSeq'))
    checkpointer.openLater('checkpointer', path)
    reader.openLater('reader', path)
    indexer.openLater('indexer', path)
    // It reads the file that the indexer makes.
    searcher.openLater('searcher', path, () => indexer.opened())
    return { ...threads, stored, terminate }
  } catch (error) {
    terminate()
    throw error
  }
}

type Threads = Awaited<ReturnType<typeof openThreads>>

/** Whether a query may have to look at many messages one by one. */
const isSearch = ({ q, from, to }: ListQuery) =>
  q !== undefined || (from !== undefined && to !== undefined)

/** Asks a thread that stops at the next look at its budget once the signal aborts. */
async function allow<T>(
  { milliseconds, signal }: { milliseconds: number; signal: AbortSignal | undefined },
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

/** Asks the settler's thread what a reader would be asked, were it not for a full disk. */
function peek<V extends Question>(
  settler: EngineThread<Settler>,
  verb: V,
  ...args: Arguments<Reader[V]>
): Promise<Result<Reader[V]>> {
  return settler.call('peek', verb, args) as Promise<Result<Reader[V]>>
}

type Read = <V extends Question>(
  verb: V,
  ...args: Arguments<Reader[V]>
) => Promise<Result<Reader[V]>>

/** The store's verbs that are handed on to a reader as they are. */
const questionsOf = (read: Read) => ({
  find: (messageId: string) => read('find', messageId),
  stats: () => read('stats'),
  readAfter: (seq: number, limit: number) => read('readAfter', seq, limit),
  listStatuses: (query: StatusQuery) => read('listStatuses', query),
  findStatus: (messageId: string) => read('findStatus', messageId),
  listKept: (query: KeptQuery) => read('listKept', query),
})

/**
 * The store's verbs that are questions: once the messages are moved they go to the reader, those
 * that may take long to the searcher; on a full disk, where nothing can be moved, to the settler.
 */
function openQuestions(threads: Threads, settling: Settling, milliseconds: number) {
  const { settler, reader, searcher } = threads
  const [quick, slow] = [new Questions(), new Questions()]
  const askReader: Read = (verb, ...args) => reader.call(verb, ...args)
  const askSettler: Read = (verb, ...args) => peek(settler, verb, ...args)
  /** Who is asked: the reader, unless a full disk keeps the messages from being moved. */
  const answerer = async () => ((await settling.succeeds()) ? askReader : askSettler)
  const read: Read = (verb, ...args) => quick.ask(async () => (await answerer())(verb, ...args))
  /** Whether there is an index to search by: a full disk takes none, nor a folder of others. */
  const canSearch = () =>
    searcher.opened().then(
      () => true,
      () => false,
    )
  /** The same for questions that may take long: in place of the reader the searcher, if it can. */
  const askLong = <T>(search: () => Promise<T>, ask: (whom: Read) => Promise<T>) =>
    slow.ask(async () => {
      const whom = await answerer()
      return whom === askReader && (await canSearch()) ? search() : ask(whom)
    })
  const list = (query: ListQuery, allowance: Allowance) =>
    isSearch(query)
      ? askLong(
          () => searcher.call('search', query, allowance),
          (whom) => whom('list', query, allowance),
        )
      : read('list', query, allowance)
  const volume = (query: VolumeQuery, allowance: Allowance) =>
    query.bucket === 'minute' || query.from !== undefined
      ? askLong(
          () => searcher.call('volume', query, allowance),
          (whom) => whom('volume', query, allowance),
        )
      : read('volume', query, allowance)
  const within =
    <Q, T>(question: (query: Q, allowance: Allowance) => Promise<T>) =>
    (query: Q, signal?: AbortSignal) =>
      allow({ milliseconds, signal }, (allowance) => question(query, allowance))
  return { list: within(list), volume: within(volume), ...questionsOf(read) }
}

/** Has the first searches over before a client's, which is served between two of them. */
async function prepareSearches(searcher: EngineThread<Reader>): Promise<void> {
  try {
    for (let step = 0; await searcher.call('prepare', step); step += 1);
  } catch {
    // Whatever it is, a client's search says so.
  }
}

/** What is done at intervals. Index and searches begin with it, so that being ready comes first. */
function tickOf(settling: Settling, indexing: Indexing, searcher: EngineThread<Reader>) {
  let cold = true
  return () => {
    settling.tick()
    indexing.note(0)
    if (cold) void prepareSearches(searcher)
    cold = false
  }
}

/** Adds up what each unit of a batch has. */
const sumOf = (batch: readonly Unit[], of: (unit: Unit) => number) =>
  batch.reduce((sum, unit) => sum + of(unit), 0)

/** Ends the threads in order: the settler's connection is the last, and removes the WAL. */
async function closeThreads(threads: Threads): Promise<void> {
  const { settler, writer, checkpointer, reader, searcher, indexer } = threads
  await Promise.all([searcher.close(), writer.close()])
  await Promise.all([checkpointer.close(), reader.close(), indexer.close()])
  await settler.close()
  threads.terminate()
}

/**
 * A store in a file. Writing, settling, copying the WAL, quick questions, searches and indexing
 * have a thread each: the event loop never waits for the disk, and a slow search delays neither an
 * acknowledgement nor a quick question.
 */
async function openFile(given: string, options: SqliteOptions): Promise<Store> {
  const path = prepare(given)
  const lock = await awaitLock(path, options.lockWait)
  const threads = await openThreads(path, options.progress).catch((error) => {
    lock.close()
    throw error
  })
  const { writer, settler, stored } = threads
  const checkpoints = new Checkpoints(settler, threads.checkpointer, options.walBytesMax)
  const room = new Room(path, options)
  const indexing = new Indexing(threads.indexer)
  const settling = new Settling({
    settle: () => settler.call('settle'),
    onSettled: (messages) => {
      indexing.note(messages)
      checkpoints.noteMove()
    },
  })
  const stopTicking = options.every(
    SETTLE_MILLISECONDS,
    tickOf(settling, indexing, threads.searcher),
  )
  return {
    append: async (batch) => {
      room.demand()
      await settling.room()
      const settled = settling.takeSettled()
      const answers = await writer.callPlain('append', batch, ...(settled ? [settled] : []))
      stored.noteCommit(answers)
      settling.noteCommit(sumOf(batch, sizeOf), sumOf(batch, lengthOf))
      return answers
    },
    stored: () => stored.count,
    ...openQuestions(threads, settling, options.queryMilliseconds),
    check: async () => {
      await room.look()
      room.demand()
      await Promise.all([writer.call('check'), settler.call('check')])
    },
    close: async () => {
      stopTicking()
      room.close()
      await Promise.all([checkpoints.settled(), indexing.stop()])
      await closeThreads(threads)
      lock.close()
    },
  }
}

const DEFAULTS: SqliteOptions = {
  queryMilliseconds: 10_000,
  progress: () => {},
  // Then messages are moved when a reader asks, and when there are very many.
  every: () => () => {},
  lockWait: { milliseconds: 0, onWait: () => {}, now: () => 0, sleep: async () => {} },
  walBytesMax: 268_435_456,
  freeBytesMin: 0,
}

/**
 * Opens the SQLite store at a path, or in memory for `:memory:`. Throws StartRefused with one
 * line for the operator: in use, foreign, damaged, of a newer release, or not to be opened.
 */
export async function openSqliteStore(
  path: string,
  options: Partial<SqliteOptions> = {},
): Promise<Store> {
  if (path !== MEMORY) return openFile(path, { ...DEFAULTS, ...options })
  // Its engines run here; those of a file are loaded in its threads alone.
  const { openMemory } = await import('./memory.ts')
  return openMemory()
}
