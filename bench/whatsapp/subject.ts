import { join } from 'node:path'
import { contestant } from '../contestants.ts'
import type { Corpus } from '../corpus.ts'
import { type Load, runLoad } from '../load.ts'
import type { Patience } from '../patience.ts'
import { type Server, startServer } from '../server.ts'

/** What is measured: a route, how many messages each request brings, on how many connections. */
export interface Subject {
  readonly name: string
  readonly path: '/webhook' | '/webhook/whatsapp'
  /** Messages in a request. */
  readonly size: number
  readonly connections: number
  /** Requests a second that no machine of today takes, for the length of the corpus. */
  readonly perSecondMax: number
}

/** A fresh process is warmed up before it is measured, with requests that are set aside. */
const WARM_UP = { seconds: 1, part: 0.3 }

/** One measurement: messages per second, the load itself, and what was wrong. */
export interface Measured {
  readonly messagesPerSecond: number
  readonly load: Load
  readonly problems: readonly string[]
}

/** How many requests a corpus needs so that none is sent twice in so many seconds. */
export function requestCount({ perSecondMax }: Subject, seconds: number): number {
  return Math.ceil((seconds * perSecondMax) / (1 - WARM_UP.part))
}

/** Every message that was answered is stored, and of no notification only a part. */
async function audit({ url }: Server, { size, connections }: Subject, answers: number) {
  // Both runs of wrk end with a request on its way on every connection.
  const max = (answers + 2 * connections) * size
  let stored = 0
  for (let look = 0; look < 100; look += 1) {
    const stats = (await (await fetch(`${url}/stats`)).json()) as { total_messages: number }
    if (stats.total_messages === stored && stored >= answers * size) break
    stored = stats.total_messages
    await Bun.sleep(20)
  }
  const whole = stored % size === 0
  if (whole && stored >= answers * size && stored <= max) return []
  return [`${stored} messages stored for ${answers} answers to ${size} each`]
}

/** Measures one subject as a fresh process on a fresh database. */
export async function measure(
  subject: Subject,
  options: { folder: string; corpus: Corpus; seconds: number; round: number; patience: Patience },
): Promise<Measured> {
  const { folder, corpus, seconds, round, patience } = options
  await patience.quiet()
  const database = join(
    folder,
    `${round}-${subject.size}-${subject.connections}${subject.path.length}.db`,
  )
  using server = await startServer(contestant('ours', database))
  const { path, size, connections } = subject
  const to = { url: `${server.url}${path}`, corpus, connections }
  const warmCount = Math.floor(corpus.count * WARM_UP.part)
  const warmUp = await runLoad({ ...to, from: 0, to: warmCount, seconds: WARM_UP.seconds })
  const load = await runLoad({ ...to, from: warmCount, to: corpus.count, seconds })
  const problems = await audit(server, subject, warmUp.answers + load.answers)
  const refused = warmUp.refused + load.refused + warmUp.broken + load.broken
  if (refused > 0) problems.push(`${refused} requests were refused or broke`)
  await server.stop()
  const messagesPerSecond = (load.answers * size) / load.seconds
  return { messagesPerSecond, load, problems: problems.map((each) => `${subject.name}: ${each}`) }
}
