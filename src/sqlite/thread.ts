import { StartRefused } from '../start_refused.ts'
import { QueryStopped, StoreUnavailable } from '../store.ts'
import type { Progress } from '../upkeep.ts'
import { Backup } from './backup.ts'
import { Checkpointer } from './checkpointer.ts'
import { openAppending, openBeside, openReading, openWriting } from './database.ts'
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

/** One call to a thread: a number that the reply repeats, the verb, and its arguments. */
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

const OPEN: Readonly<Record<Role, (path: string, progress: Progress) => Engine>> = {
  settler: (path, progress) => new Settler(openWriting(path, progress)),
  writer: (path) => new Writer(openAppending(path)),
  checkpointer: (path) => new Checkpointer(openBeside(path)),
  reader: (path) => new Reader(openReading(path), { now }),
  searcher: (path) => new Reader(openSearching(path), { now }),
  indexer: (path) => new Indexer(openIndexing(path)),
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
  scope.onmessage = ({ data }: MessageEvent<Call>) => {
    const [id] = data
    try {
      scope.postMessage([id, run(data)] satisfies Reply)
    } catch (error) {
      scope.postMessage([id, undefined, failureOf(error)] satisfies Reply)
    }
  }
}

declare const self: Worker
if (!Bun.isMainThread) serveCalls(self)
