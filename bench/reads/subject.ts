import type { Chance } from '../chance.ts'
import { contestant } from '../contestants.ts'
import { type Server, type ServerOptions, startServer } from '../server.ts'
import { type Draw, openDraw } from './draw.ts'
import type { Needles } from './needles.ts'
import { copyPlain, plainServer } from './plain.ts'
import type { Patience } from './timing.ts'

/** Requests to a plain design, by the size of its store: it does little in a second. */
const PLAIN_REQUESTS = { few: 3, many: 20, manyBelow: 2_000_000 }

/** Where the client of the plain design gives up, and of ours: far beyond QUERY_SECONDS. */
const LATE_MILLISECONDS = { plain: 20_000, ours: 60_000 }

/** One store with the server that answers for it. */
export interface Subject {
  readonly size: number
  readonly plain: boolean
  readonly draw: Draw
  readonly requests: number
  readonly warmup: number
  readonly patience: Patience
  /** The server; a new one after `restart`. */
  readonly server: () => Server
  /** Kills a server that is stuck in a query, and starts another. */
  readonly restart: () => Promise<void>
}

interface SubjectOptions {
  readonly path: string
  readonly size: number
  readonly plain: boolean
  readonly needles: Needles
  readonly chance: Chance
  readonly requests: number
  readonly warmup: number
}

async function serve(command: ServerOptions) {
  let server = await startServer(command)
  return {
    server: () => server,
    restart: async () => {
      server[Symbol.dispose]()
      server = await startServer(command)
    },
  }
}

/** Starts our server on a store, or one of the plain design on a copy of it. */
export async function openSubject(options: SubjectOptions): Promise<Subject> {
  const { path, size, plain, needles, chance } = options
  const draw = openDraw(path, needles, chance)
  if (!plain) {
    const { requests, warmup } = options
    const patience = { requestMilliseconds: LATE_MILLISECONDS.ours, totalMilliseconds: 60_000 }
    const served = await serve(contestant('ours', path))
    return { size, plain, draw, requests, warmup, patience, ...served }
  }
  const { few, many, manyBelow } = PLAIN_REQUESTS
  const patience = { requestMilliseconds: LATE_MILLISECONDS.plain, totalMilliseconds: 3000 }
  const requests = size < manyBelow ? many : few
  const served = await serve(plainServer(copyPlain(path)))
  return { size, plain, draw, requests, warmup: 1, patience, ...served }
}
