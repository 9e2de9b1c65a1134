import type { Chance } from '../bench/chance.ts'
import { type Connection, openConnection } from '../bench/connection.ts'
import { CONNECTIONS } from '../bench/load.ts'
import type { Book } from './book.ts'
import type { openMint } from './mint.ts'

/** One delivery in so many is a further copy, and one is another message under a known id. */
const ONE_IN = { copy: 8, repeat: 12, forgery: 40 }

/** What the senders need. */
export interface SendersOptions {
  readonly port: number
  readonly book: Book
  readonly mint: ReturnType<typeof openMint>
  readonly chance: Chance
  /** Numbers to send before any new one: those that were not answered before. */
  readonly retries: number[]
  /** Asked before each delivery: whether to go on. */
  readonly goesOn: () => boolean
  /** Connections that are open at the same time; that of the bench where it is left out. */
  readonly connections?: number | undefined
}

/** What the senders have seen. */
export interface Seen {
  /** Answers by their status. */
  readonly statuses: Readonly<Record<string, number>>
  /** Connections that ended with a delivery unanswered. */
  readonly unanswered: number
}

interface Item {
  readonly number: number
  readonly bytes: Uint8Array
}

/** Draws the next delivery: a retry, a copy of one under way, a repeat, a forgery, or a new one. */
function draw({ book, mint, chance, retries }: SendersOptions, copies: number[]): Item {
  const again = retries.pop() ?? copies.pop()
  if (again !== undefined) return { number: again, bytes: mint.delivery(again) }
  const earlier = book.sent === 0 ? 0 : chance(book.sent)
  if (book.isAcknowledged(earlier) && chance(ONE_IN.forgery) === 0) {
    return { number: earlier, bytes: mint.forgery(earlier) }
  }
  if (book.sent > 0 && chance(ONE_IN.repeat) === 0) {
    return { number: earlier, bytes: mint.delivery(earlier) }
  }
  const number = book.next()
  if (chance(ONE_IN.copy) === 0) copies.push(number)
  return { number, bytes: mint.delivery(number) }
}

/** A connection that is told of its end once, by the promise `broken`. */
async function connect(port: number) {
  const broken = Promise.withResolvers<undefined>()
  const connection = await openConnection(port, () => broken.resolve(undefined))
  return { connection, broken: broken.promise }
}

const send = (connection: Connection, bytes: Uint8Array) =>
  new Promise<number>((resolve) => connection.send(bytes, resolve))

/**
 * Sends over many connections as fast as answers come, each with copies, repeats and forgeries
 * among the new messages, until `goesOn` says no or the service goes away. The book knows of
 * every 200. A delivery that is refused by 503 is sent again.
 */
export async function runSenders(options: SendersOptions): Promise<Seen> {
  const { port, book, goesOn, connections = CONNECTIONS } = options
  const statuses: Record<string, number> = {}
  const copies: number[] = []
  let unanswered = 0
  const runOne = async () => {
    const opened = await connect(port).catch(() => undefined)
    if (opened === undefined) return
    const { connection, broken } = opened
    while (goesOn()) {
      const { number, bytes } = draw(options, copies)
      const status = await Promise.race([send(connection, bytes), broken])
      if (status === undefined) {
        unanswered += 1
        return
      }
      statuses[status] = (statuses[status] ?? 0) + 1
      if (status === 200) book.acknowledge(number)
      if (status === 503) options.retries.unshift(number)
    }
    connection.close()
  }
  await Promise.all(Array.from({ length: connections }, runOne))
  return { statuses, unanswered }
}
