import { join } from 'node:path'
import { SECRET } from '../../bench/contestants.ts'
import { type Corpus, writeCorpus } from '../../bench/corpus.ts'
import { memoryOf } from '../../bench/proc.ts'
import type { Server } from '../../bench/server.ts'
import { type Pace, runSteady } from '../../bench/steady.ts'
import { gather } from './crowd.ts'

/** The good sender: far below what is sustainable, so that what it waits for is not itself. */
const PER_SECOND = 500
const SECONDS = 10
const COUNT = PER_SECOND * SECONDS

/** A byte a second is what the slow ones of the crowd send. */
const DRIP_MILLISECONDS = 1000

/**
 * The good sender's p99 may be so much worse than alone: twice, and a scheduler's slice more,
 * which is within what two runs of the same differ by on a machine that does other work too.
 */
const WORSE_FACTOR = 2
const WORSE_MILLISECONDS = 10

/** How much more memory the process may hold for such a crowd, in bytes. */
const MEMORY_BYTES = 256 * 1024 * 1024

/** What the good sender felt of the crowd. */
interface Comparison {
  readonly acknowledged: number
  readonly problems: readonly string[]
  readonly note: string
}

const countOf = ({ statuses }: Pace) => statuses[200] ?? 0

async function paceAmong(server: Server, corpus: Corpus, size: number) {
  const crowd = await gather(server, size)
  const timer = setInterval(crowd.drip, DRIP_MILLISECONDS)
  try {
    const pace = await runSteady(server, {
      corpus,
      from: COUNT,
      count: COUNT,
      perSecond: PER_SECOND,
    })
    return { pace, memory: memoryOf(server.pid).resident }
  } finally {
    clearInterval(timer)
    crowd.disperse()
  }
}

/** Measures a good sender alone and among a crowd. `timed` says whether its times are judged. */
export async function comparePaces(
  server: Server,
  { folder, size, timed }: { folder: string; size: number; timed: boolean },
): Promise<Comparison> {
  const corpus = await writeCorpus(join(folder, 'corpus'), 2 * COUNT, SECRET)
  const alone = await runSteady(server, { corpus, from: 0, count: COUNT, perSecond: PER_SECOND })
  const before = memoryOf(server.pid).resident
  const { pace, memory } = await paceAmong(server, corpus, size)
  const problems: string[] = []
  const acknowledged = countOf(alone) + countOf(pace)
  if (acknowledged !== 2 * COUNT) problems.push(`${2 * COUNT - acknowledged} were not answered 200`)
  if (timed && pace.p99 > WORSE_FACTOR * alone.p99 + WORSE_MILLISECONDS) {
    problems.push(`p99 of a good sender is ${pace.p99} ms, and ${alone.p99} ms alone`)
  }
  if (memory - before > MEMORY_BYTES) problems.push(`${memory - before} bytes more are held`)
  const p99 = `p99 ${alone.p99.toFixed(1)} ms alone, ${pace.p99.toFixed(1)} ms among ${size}`
  const mebibytes = Math.round((memory - before) / 1024 / 1024)
  return { acknowledged, problems, note: `${p99} hostile clients; ${mebibytes} MiB more held` }
}
