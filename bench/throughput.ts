import { join } from 'node:path'
import { CONTESTANTS, type Contestant, contestant, LOG_LEVEL } from './contestants.ts'
import type { Corpus } from './corpus.ts'
import { audit, auditRows } from './ledger.ts'
import { CONNECTIONS, type Load, runLoad } from './load.ts'
import type { Patience } from './patience.ts'
import { type Cpu, cpuOf } from './proc.ts'
import { type Server, startServer } from './server.ts'

/** Each fresh process is warmed up before it is measured, with deliveries that are set aside. */
const WARM_UP = { seconds: 1, part: 0.2 }

/** More than any contestant that stores them can take, with an fsync, on a machine of today. */
const DELIVERIES_PER_SECOND_MAX = 60_000

/** How many deliveries a corpus needs so that none is sent twice in so many seconds. */
export function throughputCount(seconds: number): number {
  return Math.ceil((seconds * DELIVERIES_PER_SECOND_MAX) / (1 - WARM_UP.part))
}

/** One contestant in one round. */
export interface Throughput {
  readonly perSecond: number
  readonly load: Load
  /** CPU microseconds of the server for each request while it was measured. */
  readonly cpuMicroseconds: Cpu
  /** What was wrong, one line each: refused, broken, lost or doubled deliveries. */
  readonly problems: readonly string[]
}

/** One round: every contestant once. */
export type Round = Readonly<Record<Contestant, Throughput>>

function auditOf(name: Contestant, server: Server, answers: number): Promise<string[]> {
  // Both runs of wrk end with a request on its way on every connection.
  const witness = { answers, unread: CONNECTIONS * 2, before: 0 }
  if (name === 'ours') return audit(server, witness)
  return name === 'oneCommit' ? auditRows(server, witness) : Promise.resolve([])
}

async function measure(
  name: Contestant,
  server: Server,
  corpus: Corpus,
  seconds: number,
): Promise<Throughput> {
  const { url, pid } = server
  const warmCount = Math.floor(corpus.count * WARM_UP.part)
  const warm = { from: 0, to: warmCount, seconds: WARM_UP.seconds }
  const warmUp = await runLoad({ url: `${url}/webhook`, corpus, ...warm })
  const before = cpuOf(pid)
  const part = { from: warmCount, to: corpus.count, seconds }
  const load = await runLoad({ url: `${url}/webhook`, corpus, ...part })
  const after = cpuOf(pid)
  const each = (used: number) => (used * 1e6) / load.answers
  const problems = await auditOf(name, server, warmUp.answers + load.answers)
  const refused = warmUp.refused + load.refused
  const broken = warmUp.broken + load.broken
  if (refused > 0) problems.push(`${refused} answers were not 200`)
  if (broken > 0) problems.push(`${broken} connections broke`)
  return {
    perSecond: load.answers / load.seconds,
    load,
    cpuMicroseconds: { main: each(after.main - before.main), all: each(after.all - before.all) },
    problems: problems.map((problem) => `${name}: ${problem}`),
  }
}

/** One line a request is part of the work: without it the figure would flatter. */
function unlogged(name: Contestant, server: Server, { load }: Throughput): string[] {
  if (name !== 'ours' || LOG_LEVEL !== 'INFO' || server.lines() >= load.answers) return []
  return [`${name}: ${server.lines()} log lines for ${load.answers} answers`]
}

/** What the rounds share. */
export interface RoundOptions {
  /** Folder of the databases. */
  readonly folder: string
  readonly corpus: Corpus
  /** Length of one measurement. */
  readonly seconds: number
  readonly patience: Patience
}

/**
 * Measures every contestant once, each as a fresh process on a fresh database. The order moves on
 * with the number of the round, as the machine is not alone.
 */
export async function runRound(number: number, options: RoundOptions): Promise<Round> {
  const { folder, corpus, seconds, patience } = options
  const first = number % CONTESTANTS.length
  const results: Partial<Record<Contestant, Throughput>> = {}
  for (const name of [...CONTESTANTS.slice(first), ...CONTESTANTS.slice(0, first)]) {
    await patience.quiet()
    using server = await startServer(contestant(name, join(folder, `round-${number}-${name}.db`)))
    const result = await measure(name, server, corpus, seconds)
    await server.stop()
    results[name] = { ...result, problems: [...result.problems, ...unlogged(name, server, result)] }
  }
  return results as Round
}
