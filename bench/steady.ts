import { join } from 'node:path'
import type { Corpus } from './corpus.ts'
import { CONNECTIONS } from './load.ts'
import type { Server } from './server.ts'

/** What the pacer, a process of its own, has to do. */
export interface PacerJob {
  readonly port: number
  readonly path: string
  /** Byte of the corpus where the first request starts. */
  readonly offset: number
  readonly count: number
  /** Requests per second; 0 sends as fast as answers come back. */
  readonly perSecond: number
  readonly connections: number
}

/** What the pacer has seen. Latencies are in milliseconds, from when a request was due. */
export interface Pace {
  /** Answers by their status code. */
  readonly statuses: Readonly<Record<string, number>>
  readonly seconds: number
  readonly p50: number
  readonly p99: number
  readonly max: number
  /** How late the requests were sent, in milliseconds: beyond a tick of 1 ms, a queue for them. */
  readonly latenessP99: number
}

/** Which deliveries to send, and how fast; see PacerJob. */
export interface SteadyOptions {
  readonly corpus: Corpus
  readonly from: number
  readonly count: number
  readonly perSecond: number
}

/** Sends exactly `count` deliveries and waits for every answer. Throws when one does not come. */
export async function runSteady(server: Server, options: SteadyOptions): Promise<Pace> {
  const { corpus, from, count, perSecond } = options
  corpus.offsetOf(from + count)
  const job: PacerJob = {
    port: server.port,
    path: corpus.path,
    offset: corpus.offsetOf(from),
    count,
    perSecond,
    connections: CONNECTIONS,
  }
  const command = [process.execPath, join(import.meta.dir, 'pacer.ts'), JSON.stringify(job)]
  const pacer = Bun.spawn(command, { stdout: 'pipe', stderr: 'inherit' })
  const output = await pacer.stdout.text()
  if ((await pacer.exited) !== 0) throw new Error('the load generator of a steady rate failed')
  return JSON.parse(output) as Pace
}

/** The answers other than 200 in words, one line each. */
export function refusals({ statuses }: Pace): string[] {
  return Object.entries(statuses)
    .filter(([status]) => status !== '200')
    .map(([status, count]) => `ours: ${count} answers were ${status}`)
}
