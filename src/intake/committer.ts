import { isBundle, lengthOf, sizeOf, type Unit } from '../bundle.ts'
import { type BundleReceipt, type Receipt, Rejection, type RejectionCode } from '../outcome.ts'
import { type Store, StoreUnavailable } from '../store.ts'

/**
 * Batches that the store has at one time: one that it commits and one that it finds ready when
 * that is done. With one alone it would wait after each commit until the event loop, busy with
 * requests, has taken notice. More would only make the batches smaller (docs/decisions/0007).
 */
const BATCHES_IN_FLIGHT_MAX = 2

/** A commit that succeeded: its units with the store's answers, its size and how long it took. */
interface Commit {
  readonly units: readonly Unit[]
  readonly answers: Awaited<ReturnType<Store['append']>>
  readonly messages: number
  readonly seconds: number
}

/** What the committer needs, and where it reports. */
interface CommitterOptions {
  /** Stores one batch durably; see Store.append. */
  readonly append: Store['append']
  /** Most messages that wait or are being committed; more are refused as `queue_full`. */
  readonly queueMessagesMax: number
  /** Most messages in one transaction. */
  readonly batchMessagesMax: number
  /** Most UTF-16 code units of text in one transaction, unless one unit alone has more. */
  readonly batchLengthMax: number
  /** Monotonic time in milliseconds. */
  readonly now: () => number
  /** Runs the work when the requests that came together have all been taken. */
  readonly endOfTurn: (work: () => void) => void
  /** Told of every batch that was not stored: its messages and why. */
  readonly onFailure: (messages: number, error: unknown) => void
  /** Told of every commit that succeeded, once its messages have their answers. */
  readonly onCommit: (commit: Commit) => void
}

interface Waiter {
  readonly unit: Unit
  readonly resolve: (answer: Receipt | BundleReceipt | Rejection) => void
  readonly reject: (error: unknown) => void
}

function refuse(unit: Unit, code: RejectionCode): Rejection {
  return new Rejection(code, [], isBundle(unit) ? undefined : unit.message_id)
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
   * Resolves once the unit is on disk, or with a Rejection when it cannot be stored now.
   * Rejects only for a defect, such as a message that the store does not take.
   */
  commit(unit: Unit): Promise<Receipt | BundleReceipt | Rejection> {
    if (this.#depth >= this.#options.queueMessagesMax) {
      return Promise.resolve(refuse(unit, 'queue_full'))
    }
    this.#depth += sizeOf(unit)
    return new Promise((resolve, reject) => {
      this.#waiting.push({ unit, resolve, reject })
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
    const all = this.#waiting
    const count = countThatFit(all, this.#options)
    this.#waiting = count === all.length ? [] : all.slice(count)
    return count === all.length ? all : all.slice(0, count)
  }

  /** Never rejects. */
  async #commitBatch(batch: Waiter[]): Promise<void> {
    const { append, now, onCommit } = this.#options
    const size = sizeOfAll(batch)
    this.#inFlight += 1
    const startedAt = now()
    try {
      const units = batch.map(({ unit }) => unit)
      const answers = await append(units)
      for (const [index, waiter] of batch.entries()) settle(waiter, answers[index])
      onCommit({ units, answers, messages: size, seconds: (now() - startedAt) / 1000 })
    } catch (error) {
      // A message that is answered keeps its receipt, also when onCommit fails.
      for (const waiter of batch) fail(waiter, error)
      this.#options.onFailure(size, error)
    } finally {
      this.#depth -= size
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

function sizeOfAll(batch: readonly Waiter[]): number {
  let size = 0
  for (const { unit } of batch) size += sizeOf(unit)
  return size
}

type Bounds = Pick<CommitterOptions, 'batchMessagesMax' | 'batchLengthMax'>

/** How many of the first units fit into one batch; one at least, however large. */
function countThatFit(waiting: readonly Waiter[], bounds: Bounds): number {
  let size = 0
  let length = 0
  let count = 0
  for (const { unit } of waiting) {
    size += sizeOf(unit)
    length += lengthOf(unit)
    if (size > bounds.batchMessagesMax || length > bounds.batchLengthMax) break
    count += 1
  }
  return Math.max(1, count)
}

type Answered = Receipt | BundleReceipt | Error | undefined

function settle({ resolve, reject }: Waiter, answer: Answered): void {
  if (answer === undefined) reject(new Error('the store gave no answer for a message'))
  else if (answer instanceof Error) reject(answer)
  else resolve(answer)
}

function fail({ unit, resolve, reject }: Waiter, error: unknown): void {
  if (error instanceof StoreUnavailable) {
    const code = error.reason === 'storage full' ? 'storage_full' : 'store_unavailable'
    resolve(refuse(unit, code))
  } else {
    reject(error)
  }
}
