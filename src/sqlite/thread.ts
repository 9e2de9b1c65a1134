import { platform, setPriority } from 'node:os'
import { StartRefused } from '../start_refused.ts'
import { QueryStopped, StoreUnavailable } from '../store.ts'
import type { Progress } from '../upkeep.ts'
import { storeFault } from './fault.ts'

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

type Open = (path: string, progress: Progress) => object

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

/** What opens the engine of each role. A thread loads the code of its own role alone. */
const LOAD: Readonly<Record<Role, () => Promise<Open>>> = {
  settler: async () => {
    const { openSettler } = await import('./settler.ts')
    return (path, progress) => openSettler(path, now, progress)
  },
  writer: async () => (await import('./writer.ts')).openWriter,
  checkpointer: async () => (await import('./checkpointer.ts')).openCheckpointer,
  reader: async () => {
    const { openReader } = await import('./reader.ts')
    return (path) => openReader(path, now)
  },
  searcher: async () => {
    const { openSearcher } = await import('./reader.ts')
    return (path) => openSearcher(path, now)
  },
  indexer: async () => {
    const { openIndexer } = await import('./indexer.ts')
    giveWay()
    return openIndexer
  },
  rebuilder: async () => (await import('./rebuild.ts')).openRebuilder,
  verifier: async () => (await import('./verify.ts')).openVerifier,
  backup: async () => (await import('./backup.ts')).openBackup,
}

/** The thread's life: `open` first, and after its answer verbs, each answered in order. */
function serveCalls(scope: Worker): void {
  let engine: Verbs = {}
  const fail = (id: number, error: unknown) => {
    // A thread may be opened by a question that comes while the disk is full.
    scope.postMessage([id, undefined, failureOf(storeFault(error))] satisfies Reply)
  }
  const open = async (id: number, role: Role, path: string) => {
    try {
      const openEngine = await LOAD[role]()
      engine = openEngine(path, (...progress) => {
        scope.postMessage([PROGRESS, progress] satisfies Reply)
      }) as Verbs
      scope.postMessage([id, undefined] satisfies Reply)
    } catch (error) {
      fail(id, error)
    }
  }
  scope.onmessage = ({ data }: MessageEvent<Call | string>) => {
    const [id, verb, ...args]: Call = typeof data === 'string' ? JSON.parse(data) : data
    if (verb === 'open') return open(id, ...(args as [Role, string]))
    try {
      scope.postMessage([id, engine[verb]?.(...args)] satisfies Reply)
    } catch (error) {
      fail(id, error)
    }
  }
}

declare const self: Worker
if (!Bun.isMainThread) serveCalls(self)
