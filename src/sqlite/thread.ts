import type { Database } from 'bun:sqlite'
import { platform, setPriority } from 'node:os'
import { StartRefused } from '../start_refused.ts'
import { QueryStopped, StoreUnavailable } from '../store.ts'
import type { Progress } from '../upkeep.ts'
import { Backup } from './backup.ts'
import { Checkpointer } from './checkpointer.ts'
import { openAppending, openBeside, openReading, openWriting } from './database.ts'
import { storeFault } from './fault.ts'
import { Indexer } from './indexer.ts'
import { Reader } from './reader.ts'
import { openRebuilder } from './rebuild.ts'
import { openIndexing, openSearching } from './search_file.ts'
import { Settler } from './settler.ts'
import type { Steps } from './steps.ts'
import { openVerifier } from './verify.ts'
import { Writer } from './writer.ts'

/** What a thread does with its one connection. */
export type Role =
  | 'settler'
  | 'writer'
  | 'checkpointer'
  | 'reader'
  | 'searcher'
  | 'indexer'
  | 'rebuilder'
  | 'verifier'
  | 'backup'

/**
 * One call to a thread: a number that the reply repeats, the verb, and its arguments. It comes as
 * it is, or as JSON text.
 */
export type Call = readonly [id: number, verb: string, ...args: unknown[]]

/** An error in a form that crosses threads. */
export type Failure = readonly [
  kind: 'unavailable' | 'refused' | 'stopped' | 'error',
  message: string,
  cause?: string,
]

/** In place of a call's number: the reply tells how far a long work is. */
export const PROGRESS = 0

/** The answer to one call: a value, or a failure. */
export type Reply = readonly [id: number, value: unknown, failure?: Failure]

type Verbs = Record<string, ((...args: unknown[]) => unknown) | undefined>

function failureOf(error: unknown): Failure {
  if (error instanceof StoreUnavailable) return ['unavailable', error.reason, String(error.cause)]
  if (error instanceof QueryStopped) return ['stopped', error.reason]
  const message = error instanceof Error ? error.message : String(error)
  return [error instanceof StartRefused ? 'refused' : 'error', message]
}

type Engine = Settler | Writer | Checkpointer | Reader | Indexer | Steps | Backup

const now = () => performance.now()

/** Niceness of a thread that nobody waits for: it gets a tenth of what others want and get. */
const BACKGROUND_NICENESS = 10

/** Lets every other thread go first. On Linux this concerns the calling thread alone. */
function giveWay(): void {
  if (platform() !== 'linux') return
  try {
    setPriority(BACKGROUND_NICENESS)
  } catch {
    // A sandbox may forbid it; then the thread competes.
  }
}

/** Makes the engine over a connection, which is not left open where that fails. */
function over<E>(db: Database, make: (db: Database) => E): E {
  try {
    return make(db)
  } catch (error) {
    db.close()
    throw error
  }
}

const OPEN: Readonly<Record<Role, (path: string, progress: Progress) => Engine>> = {
  settler: (path, progress) => over(openWriting(path, progress), (db) => new Settler(db)),
  writer: (path) => over(openAppending(path), (db) => new Writer(db)),
  checkpointer: (path) => over(openBeside(path), (db) => new Checkpointer(db)),
  reader: (path) => over(openReading(path), (db) => new Reader(db, { now })),
  searcher: (path) => over(openSearching(path), (db) => new Reader(db, { now })),
  indexer: (path) => {
    giveWay()
    return over(openIndexing(path), (db) => new Indexer(db))
  },
  rebuilder: openRebuilder,
  verifier: openVerifier,
  backup: (path) => new Backup(path),
}

/** The thread's life: `open` first, then verbs one at a time, each answered in order. */
function serveCalls(scope: Worker): void {
  let engine: Engine | undefined
  const run = ([, verb, ...args]: Call): unknown => {
    if (verb !== 'open') return (engine as unknown as Verbs)[verb]?.call(engine, ...args)
    const [role, path] = args as [Role, string]
    engine = OPEN[role](path, (...progress) => {
      scope.postMessage([PROGRESS, progress] satisfies Reply)
    })
    return undefined
  }
  scope.onmessage = ({ data }: MessageEvent<Call | string>) => {
    const call: Call = typeof data === 'string' ? JSON.parse(data) : data
    const [id] = call
    try {
      scope.postMessage([id, run(call)] satisfies Reply)
    } catch (error) {
      // A thread may be opened by a question that comes while the disk is full.
      scope.postMessage([id, undefined, failureOf(storeFault(error))] satisfies Reply)
    }
  }
}

declare const self: Worker
if (!Bun.isMainThread) serveCalls(self)
