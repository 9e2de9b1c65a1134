import { type Connection, openConnection } from '../bench/connection.ts'
import { quantile } from '../bench/quantile.ts'
import type { Book } from './book.ts'
import type { openMint } from './mint.ts'

/** Time between two looks at what is due, in milliseconds. */
const TICK_MILLISECONDS = 5

/** What to send, and how fast, whatever the answers are. */
export interface FloodOptions {
  readonly port: number
  readonly book: Book
  readonly mint: ReturnType<typeof openMint>
  readonly perSecond: number
  readonly seconds: number
  /** Connections that are open; what is due while all of them wait is sent late. */
  readonly connections: number
}

/** What a flood has met. */
export interface Flood {
  readonly sent: number
  readonly accepted: number
  readonly refused: number
  /** Answers other than 200 and 503, and connections that broke, each with its status or reason. */
  readonly others: readonly string[]
  /** Answers of 503 that do not say when to come back. */
  readonly withoutRetryAfter: number
  /** Milliseconds from sending to the 200: the median, and the longest. */
  readonly latency: { readonly p50: number; readonly max: number }
}

/** Sends new messages at a rate that the service cannot keep up with, and waits for each answer. */
export async function runFlood(options: FloodOptions): Promise<Flood> {
  const { port, book, mint, perSecond, seconds, connections } = options
  const latencies: number[] = []
  const others: string[] = []
  const counts = { sent: 0, refused: 0, withoutRetryAfter: 0 }
  const onBroken = ({ message }: Error) => void others.push(message)
  const all = await Promise.all(
    Array.from({ length: connections }, () => openConnection(port, onBroken)),
  )
  const free = [...all]
  const judge = (number: number, status: number, answer: string, startedAt: number) => {
    if (status === 200) {
      book.acknowledge(number)
      latencies.push(performance.now() - startedAt)
    } else if (status === 503) {
      counts.refused += 1
      if (!/\r\nretry-after: *[1-9]/i.test(answer)) counts.withoutRetryAfter += 1
    } else others.push(String(status))
  }
  const send = (connection: Connection) => {
    const number = book.next()
    const startedAt = performance.now()
    counts.sent += 1
    connection.send(mint.delivery(number), (status, answer) => {
      judge(number, status, answer, startedAt)
      free.push(connection)
    })
  }
  await sendAtRate({ perSecond, seconds }, () => {
    // In turns: the service closes a connection that rests for a minute, and rightly.
    const connection = free.shift()
    if (connection !== undefined) send(connection)
    return connection !== undefined
  })
  while (free.length + others.length < all.length) await Bun.sleep(TICK_MILLISECONDS)
  for (const connection of all) connection.close()
  const sorted = latencies.toSorted((a, b) => a - b)
  const latency = { p50: quantile(sorted, 0.5), max: quantile(sorted, 1) }
  return { ...counts, accepted: sorted.length, others, latency }
}

/** Calls `send` so often in a second, for so many seconds; later where it says that it cannot. */
async function sendAtRate(
  { perSecond, seconds }: Pick<FloodOptions, 'perSecond' | 'seconds'>,
  send: () => boolean,
): Promise<void> {
  const startedAt = performance.now()
  let done = 0
  for (let elapsed = 0; elapsed < seconds; elapsed = (performance.now() - startedAt) / 1000) {
    while (done < elapsed * perSecond && send()) done += 1
    await Bun.sleep(TICK_MILLISECONDS)
  }
}
