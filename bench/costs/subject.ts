import { join } from 'node:path'
import { contestant } from '../contestants.ts'
import type { Corpus } from '../corpus.ts'
import { auditRows } from '../ledger.ts'
import { CONNECTIONS, type Load, runLoad } from '../load.ts'
import type { Patience } from '../patience.ts'
import { quantile } from '../quantile.ts'
import { type Server, startServer } from '../server.ts'

/** The entry points: ackbox, and ackbox without one part of what it does. */
const PROGRAMS = {
  ours: 'src/main.ts',
  unmeasured: 'bench/contestant/unmeasured.ts',
  forgetful: 'bench/contestant/forgetful.ts',
} as const

/** One measurement: which program, and whether its deliveries are signed rightly. */
export interface Subject {
  readonly program: keyof typeof PROGRAMS
  readonly sends: 'signed' | 'refused'
}

/** How long a scrape took at most for half and for nearly all, and how much it brought. */
export interface Scrapes {
  readonly p50: number
  readonly p99: number
  readonly bytes: number
}

/** One measurement's figures, and what was wrong, a line each. */
export interface Measured {
  readonly perSecond: number
  readonly scrapes: Scrapes
  readonly problems: readonly string[]
}

/** A fresh process is warmed up before it is measured, with deliveries that are set aside. */
const WARM_UP = { seconds: 1, part: 0.2 }

const SCRAPES = { warmUp: 20, measured: 300 }

const ROOT = join(import.meta.dir, '../..')

/** Scrapes one after another; milliseconds from request to the last byte. */
async function scrape({ url }: Server): Promise<Scrapes> {
  const times: number[] = []
  let bytes = 0
  for (let count = -SCRAPES.warmUp; count < SCRAPES.measured; count += 1) {
    const startedAt = performance.now()
    bytes = (await (await fetch(`${url}/metrics`)).bytes()).length
    if (count >= 0) times.push(performance.now() - startedAt)
  }
  times.sort((a, b) => a - b)
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99), bytes }
}

async function problemsOf(subject: Subject, server: Server, loads: readonly Load[]) {
  const sum = (figure: (load: Load) => number) => loads.reduce((all, load) => all + figure(load), 0)
  const [answers, refused] = [sum((load) => load.answers), sum((load) => load.refused)]
  if (sum((load) => load.broken) > 0) return ['connections broke']
  if (subject.sends === 'refused') {
    const expected = refused === answers
    return expected ? auditRows(server, { answers: 0, unread: 0, before: 0 }) : ['not all refused']
  }
  if (refused > 0) return [`${refused} answers were not 200`]
  return auditRows(server, { answers, unread: CONNECTIONS * 2, before: 0 })
}

/** Measures one subject as a fresh process on a fresh database. */
export async function measure(
  subject: Subject,
  options: { folder: string; corpus: Corpus; seconds: number; round: number; patience: Patience },
): Promise<Measured> {
  const { folder, corpus, seconds, round, patience } = options
  const { program, sends } = subject
  await patience.quiet()
  const { environment } = contestant('ours', join(folder, `${round}-${program}-${sends}.db`))
  const command = [process.execPath, join(ROOT, PROGRAMS[program]), 'serve']
  using server = await startServer({ command, environment })
  const to = { url: `${server.url}/webhook`, corpus }
  const warmCount = Math.floor(corpus.count * WARM_UP.part)
  const warmUp = await runLoad({ ...to, from: 0, to: warmCount, seconds: WARM_UP.seconds })
  const load = await runLoad({ ...to, from: warmCount, to: corpus.count, seconds })
  const problems = await problemsOf(subject, server, [warmUp, load])
  const scrapes = await scrape(server)
  await server.stop()
  const where = `${program}, ${sends}`
  return {
    perSecond: load.answers / load.seconds,
    scrapes,
    problems: problems.map((problem) => `${where}: ${problem}`),
  }
}
