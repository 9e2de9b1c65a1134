import type { Arrival } from '../message.ts'
import { type Receipt, Rejection, type RejectionCode } from '../outcome.ts'
import { type Store, StoreUnavailable } from '../store.ts'

/**
 * Batches that the store has at one time: one that it commits and one that it finds ready when
 * that is done. With one alone it would wait after each commit until the event loop, busy with
 * requests, has taken notice. More would only make the batches smaller (docs/decisions/0007).
 */
const BATCHES_IN_FLIGHT_MAX = 2

/** What the committer needs, and where it reports. */
interface CommitterOptions {
  /** Stores one batch durably; see Store.append. */
  readonly append: Store['append']
  /** Most messages that wait or are being committed; more are refused as `queue_full`. */
  readonly queueMessagesMax: number
  /** Most messages in one transaction. */
  readonly batchMessagesMax: number
  /** Monotonic time in milliseconds. */
  readonly now: () => number
  /** Runs the work when the requests that came together have all been taken. */
  readonly endOfTurn: (work: () => void) => void
  /** Told of every commit that succeeded: its messages and how long it took. */
  readonly onCommit: (messages: number, seconds: number) => void
}

interface Waiter {
  readonly arrival: Arrival
  readonly resolve: (outcome: Receipt | Rejection) => void
  readonly reject: (error: unknown) => void
}

function refuse(arrival: Arrival, code: RejectionCode): Rejection {
  return new Rejection(code, [], arrival.message_id)
}

/**
 * Group commit: what arrives while one commit is under way goes into the next, so that one fsync
 * serves many deliveries. A lone delivery is handed on at once and waits for no timer. The next
 * batch is handed on at the end of the event loop's turn, with all that the turn brought. Above
 * the store and without SQL, so that every engine has it.
 */
export class Committer {
  readonly #options: CommitterOptions
  #waiting: Waiter[] = []
  /** Waiting or being committed. */
  #depth = 0
  #inFlight = 0
  #scheduled = false
  #idle: PromiseWithResolvers<void> | undefined

  constructor(options: CommitterOptions) {
    this.#options = options
  }

  /** How many messages wait or are being committed. */
  get depth(): number {
    return this.#depth
  }

  /**
   * Resolves once the message is on disk, or with a Rejection when it cannot be stored now.
   * Rejects only for a defect, such as a row the store's schema does not take.
   */
  commit(arrival: Arrival): Promise<Receipt | Rejection> {
    if (this.#depth >= this.#options.queueMessagesMax) {
      return Promise.resolve(refuse(arrival, 'queue_full'))
    }
    this.#depth += 1
    return new Promise((resolve, reject) => {
      this.#waiting.push({ arrival, resolve, reject })
      this.#schedule()
    })
  }

  /** Resolves when nothing waits and nothing is being committed. */
  drained(): Promise<void> {
    if (this.#depth === 0) return Promise.resolve()
    this.#idle ??= Promise.withResolvers()
    return this.#idle.promise
  }

  /** Sees to it that what waits is handed on: at once to an idle store. */
  #schedule(): void {
    if (this.#inFlight === 0) this.#handOn()
    else this.#handOnLater()
  }

  #handOnLater(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    this.#options.endOfTurn(() => {
      this.#scheduled = false
      this.#handOn()
    })
  }

  #handOn(): void {
    while (this.#waiting.length > 0 && this.#inFlight < BATCHES_IN_FLIGHT_MAX) {
      this.#commitBatch(this.#nextBatch())
    }
  }

  #nextBatch(): Waiter[] {
    const max = this.#options.batchMessagesMax
    const all = this.#waiting
    this.#waiting = all.length <= max ? [] : all.slice(max)
    return all.length <= max ? all : all.slice(0, max)
  }

  /** Never rejects. */
  async #commitBatch(batch: Waiter[]): Promise<void> {
    const { append, now, onCommit } = this.#options
    this.#inFlight += 1
    const startedAt = now()
    try {
      const answers = await append(batch.map(({ arrival }) => arrival))
      for (const [index, waiter] of batch.entries()) settle(waiter, answers[index])
      onCommit(batch.length, (now() - startedAt) / 1000)
    } catch (error) {
      // A message that is answered keeps its receipt, also when onCommit fails.
      for (const waiter of batch) fail(waiter, error)
    } finally {
      this.#depth -= batch.length
      this.#inFlight -= 1
      this.#afterBatch()
    }
  }

  #afterBatch(): void {
    if (this.#waiting.length > 0) this.#schedule()
    if (this.#depth > 0) return
    this.#idle?.resolve()
    this.#idle = undefined
  }
}

function settle({ resolve, reject }: Waiter, answer: Receipt | Error | undefined): void {
  if (answer === undefined) reject(new Error('the store gave no answer for a message'))
  else if (answer instanceof Error) reject(answer)
  else resolve(answer)
}

function fail({ arrival, resolve, reject }: Waiter, error: unknown): void {
  if (error instanceof StoreUnavailable) {
    const code = error.reason === 'storage full' ? 'storage_full' : 'store_unavailable'
    resolve(refuse(arrival, code))
  } else {
    reject(error)
  }
}
