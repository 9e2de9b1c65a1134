import { join } from 'node:path'
import { contestant } from '../contestants.ts'
import type { Corpus } from '../corpus.ts'
import { type Load, runLoad } from '../load.ts'
import { type Server, startServer } from '../server.ts'
import { type Pace, runSteady } from '../steady.ts'
import type { Subject } from './subject.ts'
import { ask } from './timing.ts'

/** Deliveries made for a second of load: more than any machine takes. */
const PER_SECOND_MAX = 25_000

/** The steady load is this part of what the large store has just taken, and no more than that. */
const STEADY = { part: 0.3, perSecondMax: 1000 }

/** The longest wait for one read of the loop, in milliseconds. */
const READ_MILLISECONDS = 60_000

/** Ingest into the largest store, against an empty one and beside reads. */
export interface Ingest {
  readonly empty: readonly Load[]
  readonly full: readonly Load[]
  readonly perSecond: number
  readonly alone: readonly Pace[]
  readonly beside: readonly Pace[]
  /** Reads that the loop got answers to, by their status. */
  readonly reads: Readonly<Record<string, number>>
}

/** What to send, where to, and how long. */
export interface IngestOptions {
  readonly corpus: Corpus
  readonly folder: string
  readonly subject: Subject
  readonly seconds: number
  readonly rounds: number
  /** A needle in a quarter of all rows. */
  readonly needle: string
}

/** Deliveries that a measurement may take from the corpus. */
export function ingestCount(seconds: number, rounds: number): number {
  return rounds * seconds * (PER_SECOND_MAX + 2 * STEADY.perSecondMax)
}

async function loadEmpty({ corpus, folder, seconds }: IngestOptions, round: number, to: number) {
  const database = join(folder, `empty-${round}.db`)
  using server = await startServer(contestant('ours', database))
  const load = await runLoad({ url: server.url, corpus, from: 0, to, seconds })
  await server.stop()
  return load
}

async function loadBoth(options: IngestOptions) {
  const { corpus, subject, seconds, rounds } = options
  const part = seconds * PER_SECOND_MAX
  const empty: Load[] = []
  const full: Load[] = []
  for (let round = 0; round < rounds; round += 1) {
    empty.push(await loadEmpty(options, round, part))
    const range = { from: round * part, to: (round + 1) * part }
    full.push(await runLoad({ url: subject.server().url, corpus, seconds, ...range }))
  }
  return { empty, full }
}

/** Asks for totals that no one remembers, one after another, until it is told to stop. */
function loopReads(server: Server, { subject, needle }: IngestOptions) {
  const reads: Record<string, number> = {}
  let going = true
  const loop = async () => {
    while (going) {
      const path = `/messages?q=${encodeURIComponent(needle)}&since=${subject.draw.instant()}`
      const { status } = await ask(server.url + path, READ_MILLISECONDS)
      reads[status] = (reads[status] ?? 0) + 1
    }
    return reads
  }
  const ended = loop()
  return async () => {
    going = false
    return ended
  }
}

async function paceBoth(options: IngestOptions, perSecond: number) {
  const { corpus, subject, seconds, rounds } = options
  const count = seconds * perSecond
  const server = subject.server()
  let from = rounds * seconds * PER_SECOND_MAX
  const pace = () => {
    from += count
    return runSteady(server, { corpus, from: from - count, count, perSecond })
  }
  const alone: Pace[] = []
  const beside: Pace[] = []
  const reads: Record<string, number> = {}
  for (let round = 0; round < rounds; round += 1) {
    alone.push(await pace())
    const stop = loopReads(server, options)
    beside.push(await pace())
    for (const [status, n] of Object.entries(await stop())) reads[status] = (reads[status] ?? 0) + n
  }
  return { alone, beside, reads }
}

/** Measures ingest at saturation in alternate rounds, then at a steady rate beside reads. */
export async function measureIngest(options: IngestOptions): Promise<Ingest> {
  const { empty, full } = await loadBoth(options)
  const rates = full.map(({ answers, seconds }) => answers / seconds)
  const slowest = Math.min(...rates)
  const perSecond = Math.max(1, Math.min(STEADY.perSecondMax, Math.floor(slowest * STEADY.part)))
  return { empty, full, perSecond, ...(await paceBoth(options, perSecond)) }
}
