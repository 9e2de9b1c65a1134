import { openConnection } from '../bench/connection.ts'
import { SECRET } from '../bench/contestants.ts'
import type { Server } from '../bench/server.ts'
import type { Context, Tally } from './attack.ts'
import { Book } from './book.ts'
import { takeCensus } from './census.ts'
import { mint, openMint } from './mint.ts'
import { runSenders, type Seen } from './senders.ts'

/** A blow at a service under load. */
interface Strike {
  /** It comes after so many more messages are acknowledged. */
  readonly answers: number
  readonly blow: () => void
  /** Whether the senders go on after the blow: until the service is gone, or it says no. */
  readonly goesOn: boolean | (() => boolean)
  /** Connections that are open at the same time; that of the bench where it is left out. */
  readonly connections?: number | undefined
}

/** The accounts of one attack over many lives of a process: what was sent, and what was found. */
export class Ledger {
  readonly book = new Book()
  readonly problems: string[] = []
  readonly #context: Context
  readonly #mint = openMint(SECRET)
  /** All below this number is acknowledged and was listed. */
  #low = 0
  #lost = 0
  #doubled = 0

  constructor(context: Context) {
    this.#context = context
  }

  /**
   * Sends to a service as runSenders does, first all that nobody knows of, and strikes at it.
   * Resolves when every connection has ended.
   */
  send(server: Server, { answers, blow, goesOn, connections }: Strike): Promise<Seen> {
    const { book } = this
    const until = book.acknowledged + answers
    let struck = false
    const onAndOn = () => (typeof goesOn === 'function' ? goesOn() : goesOn)
    return runSenders({
      ...{ port: server.port, book, mint: this.#mint, chance: this.#context.chance },
      retries: book.doubtful(this.#low),
      connections,
      goesOn: () => {
        if (struck || book.acknowledged < until) return !struck || onAndOn()
        struck = true
        blow()
        return onAndOn()
      },
    })
  }

  /** Sends until so many more messages are acknowledged, and each that was sent is answered. */
  settle(server: Server, answers: number, connections?: number): Promise<Seen> {
    return this.send(server, { answers, blow: () => {}, goesOn: false, connections })
  }

  /** Sends one new message and waits for its 200. Resolves to its id; throws on another answer. */
  async sendOne({ port }: Server): Promise<string> {
    const number = this.book.next()
    const broken = Promise.withResolvers<never>()
    const connection = await openConnection(port, broken.reject)
    const answered = new Promise<number>((resolve) =>
      connection.send(this.#mint.delivery(number), resolve),
    )
    const status = await Promise.race([answered, broken.promise])
    connection.close()
    if (status !== 200) throw new Error(`a message alone is answered ${status}`)
    this.book.acknowledge(number)
    return mint(number).message_id
  }

  /** Compares what came since the last time with the service, or all, and counts what is wrong. */
  async compare(server: Server, whole = false): Promise<void> {
    const census = await takeCensus(server.url, this.book, whole ? 0 : this.#low)
    this.#lost += census.lost
    this.#doubled += census.doubled
    this.problems.push(...census.problems)
  }

  /** Complains of each message that is stored, but that no answer told of: see an orderly stop. */
  requireAnswers(): void {
    const { book } = this
    const silent = book.doubtful(this.#low).filter((number) => book.isStored(number))
    if (silent.length > 0) this.problems.push(`${silent.length} messages stored and not answered`)
  }

  /** Ends a round: what is acknowledged and listed by now need not be listed again. */
  close(): void {
    this.#low = this.book.doubtful(this.#low)[0] ?? this.book.sent
  }

  /** The sum of it all. */
  tally(rounds: number, notes: readonly string[]): Tally {
    const { book, problems } = this
    const counts = { lost: this.#lost, doubled: this.#doubled }
    return { rounds, acknowledged: book.acknowledged, ...counts, problems, notes }
  }
}
