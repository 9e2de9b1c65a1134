import { statSync } from 'node:fs'
import { join } from 'node:path'
import { contestant } from './contestants.ts'
import type { Corpus } from './corpus.ts'
import { audit } from './ledger.ts'
import type { Patience } from './patience.ts'
import { type Memory, memoryOf } from './proc.ts'
import { startServer } from './server.ts'
import { type Pace, refusals, runSteady } from './steady.ts'

/** The two steady rates, in deliveries per second. */
export const RATES = { low: 1000, high: 4000 } as const

/** Both rates on one database. */
export interface SteadyPair {
  readonly low: Pace
  readonly high: Pace
}

/** One process of ours from an empty database to a used one. */
export interface Endurance {
  readonly fresh: SteadyPair
  /** The deliveries between the two, as fast as answers came back. */
  readonly fill: { readonly count: number; readonly pace: Pace }
  readonly used: SteadyPair
  /** Memory of the server once the used database is full. */
  readonly memory: Memory
  readonly databaseBytes: number
  readonly walBytes: number
  readonly stopMilliseconds: number
  readonly database: string
  readonly problems: readonly string[]
}

/** How much to send: rows before the database counts as used, seconds at each steady rate. */
export interface EnduranceOptions {
  readonly folder: string
  readonly corpus: Corpus
  readonly messages: number
  readonly steadySeconds: number
  readonly patience: Patience
}

/** Deliveries that the two rates take together, on one database. */
export function steadyCount(seconds: number): number {
  return (RATES.low + RATES.high) * seconds
}

const bytesOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0

/** Steady rates on the empty database, a fill, and the steady rates again, in one process. */
export async function runEndurance(options: EnduranceOptions): Promise<Endurance> {
  const { folder, corpus, messages, steadySeconds, patience } = options
  const database = join(folder, 'used.db')
  using server = await startServer(contestant('ours', database))
  let from = 0
  const send = async (count: number, perSecond: number) => {
    await patience.quiet()
    const pace = await runSteady(server, { corpus, from, count, perSecond })
    from += count
    return pace
  }
  const steady = async () => ({
    low: await send(RATES.low * steadySeconds, RATES.low),
    high: await send(RATES.high * steadySeconds, RATES.high),
  })
  const fresh = await steady()
  const count = messages - from
  const fill = { count, pace: await send(count, 0) }
  const memory = memoryOf(server.pid)
  const databaseBytes = bytesOf(database)
  const walBytes = bytesOf(`${database}-wal`)
  const used = await steady()
  const refused = [fresh.low, fresh.high, fill.pace, used.low, used.high].flatMap(refusals)
  const complaints = await audit(server, { answers: from, unread: 0, before: 0 })
  const stopMilliseconds = await server.stop()
  return {
    ...{ fresh, fill, used, memory, databaseBytes, walBytes, stopMilliseconds, database },
    problems: [...refused, ...complaints.map((complaint) => `ours: ${complaint}`)],
  }
}
