import { type Connection, openConnection } from './connection.ts'
import { LENGTH_DIGITS } from './corpus.ts'
import { quantile } from './quantile.ts'
import type { Pace, PacerJob } from './steady.ts'

/** Time between two looks at what is due, in milliseconds. */
const TICK_MILLISECONDS = 1

/** The next request of the corpus at each call, from the byte at `offset` on. */
function requestsOf({ path, offset }: PacerJob): () => Uint8Array {
  const bytes = Bun.mmap(path)
  let at = offset
  return () => {
    const start = at + LENGTH_DIGITS
    const length = Number(Buffer.from(bytes.subarray(at, start)).toString('latin1'))
    at = start + length
    return bytes.subarray(start, at)
  }
}

/** How many requests are due so many milliseconds after the start; without a rate, all of them. */
function dueAfter({ count, perSecond }: PacerJob, elapsed: number): number {
  if (perSecond === 0) return count
  return Math.min(count, Math.floor((elapsed * perSecond) / 1000) + 1)
}

/**
 * Sends every request when it is due, or as soon as a connection is free after that, and measures
 * each latency from the moment it was due: a server that stalls is charged for all that it kept
 * waiting (Tene's "coordinated omission"). Without a rate it is due when it is sent.
 */
function pace(job: PacerJob, connections: Connection[], nextRequest: () => Uint8Array) {
  const latencies = new Float64Array(job.count)
  const lateness = new Float64Array(job.count)
  const statuses: Record<number, number> = {}
  const { promise, resolve } = Promise.withResolvers<void>()
  const startedAt = performance.now()
  let sent = 0
  let answered = 0
  const send = (connection: Connection, index: number) => {
    const now = performance.now()
    const due = job.perSecond === 0 ? now : startedAt + (index * 1000) / job.perSecond
    lateness[index] = now - due
    connection.send(nextRequest(), (status) => {
      latencies[index] = performance.now() - due
      statuses[status] = (statuses[status] ?? 0) + 1
      answered += 1
      connections.push(connection)
      if (answered === job.count) resolve()
      else sendDue()
    })
  }
  const sendDue = () => {
    const due = dueAfter(job, performance.now() - startedAt)
    while (sent < due) {
      // In turn: a server cuts a connection on which no request comes for some seconds.
      const connection = connections.shift()
      if (connection === undefined) return
      send(connection, sent)
      sent += 1
    }
  }
  const timer = setInterval(sendDue, TICK_MILLISECONDS)
  sendDue()
  const done = promise.then((): Pace => {
    clearInterval(timer)
    const seconds = (performance.now() - startedAt) / 1000
    const sorted = latencies.sort()
    return {
      statuses,
      seconds,
      p50: quantile(sorted, 0.5),
      p99: quantile(sorted, 0.99),
      max: quantile(sorted, 1),
      latenessP99: quantile(lateness.sort(), 0.99),
    }
  })
  return done
}

async function run(job: PacerJob): Promise<Pace> {
  const broken = Promise.withResolvers<never>()
  const connections = await Promise.all(
    Array.from({ length: job.connections }, () => openConnection(job.port, broken.reject)),
  )
  const all = [...connections]
  const result = await Promise.race([pace(job, connections, requestsOf(job)), broken.promise])
  for (const connection of all) connection.close()
  return result
}

console.log(JSON.stringify(await run(JSON.parse(process.argv[2] ?? '{}') as PacerJob)))
