import { join } from 'node:path'
import type { Corpus } from './corpus.ts'

/** Connections that are open at the same time, with wrk and at a steady rate. */
export const CONNECTIONS = 64

/** One thread of wrk can saturate every contestant, and leaves them the rest of the machine. */
const THREADS = 1

/** A run of the load generator at saturation. Latencies are in milliseconds. */
export interface Load {
  /** Answers that wrk has read; those still on their way at the end are not in it. */
  readonly answers: number
  readonly seconds: number
  readonly p50: number
  readonly p99: number
  readonly max: number
  /** Answers that were not 2xx or 3xx. */
  readonly refused: number
  /** Connections that failed to open, to read, to write or to answer in time. */
  readonly broken: number
}

/** What to send: deliveries `from` to before `to` of a corpus, for so many seconds. */
export interface LoadOptions {
  readonly url: string
  readonly corpus: Corpus
  readonly from: number
  readonly to: number
  readonly seconds: number
  /** Connections that are open at the same time; CONNECTIONS where it is left out. */
  readonly connections?: number
}

/** Throws an Error that says how to install wrk where it is missing. */
export function requireWrk(): void {
  if (Bun.which('wrk') === null) {
    throw new Error(
      'wrk is missing: install it (Debian, Ubuntu: apt-get install wrk) and try again',
    )
  }
}

function partsOf({ corpus, from, to }: LoadOptions): string[] {
  const size = Math.floor((to - from) / THREADS)
  return Array.from({ length: THREADS }, (_, number) => from + number * size).flatMap((first) => [
    String(corpus.offsetOf(first)),
    String(size),
  ])
}

/** Sends as fast as answers come back. Throws when wrk fails. */
export async function runLoad(options: LoadOptions): Promise<Load> {
  const { url, corpus, seconds, connections = CONNECTIONS } = options
  const script = join(import.meta.dir, 'wrk.lua')
  const how = ['-t', `${THREADS}`, '-c', `${connections}`, '-d', `${seconds}s`, '-s', script, url]
  const wrk = Bun.spawn(['wrk', ...how, '--', corpus.path, ...partsOf(options)], {
    stdout: 'pipe',
    stderr: 'inherit',
  })
  const output = await wrk.stdout.text()
  const code = await wrk.exited
  const line = output.trim().split('\n').at(-1) ?? ''
  if (code !== 0 || !line.startsWith('{')) throw new Error(`wrk failed (${code}): ${output}`)
  return JSON.parse(line) as Load
}
