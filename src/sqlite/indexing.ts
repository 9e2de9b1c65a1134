import type { Indexer } from './indexer.ts'
import type { EngineThread } from './threads.ts'

/**
 * New messages that start the indexer. Fewer are looked at one by one in well under a
 * millisecond, and indexing each as it comes would cost more than that.
 */
const INDEX_MESSAGES = 512

/** Starts the indexer whenever enough messages have come. */
export class Indexing {
  readonly #indexer: EngineThread<Indexer>
  #messages = INDEX_MESSAGES
  #stopping = false
  #running: Promise<void> | undefined

  constructor(indexer: EngineThread<Indexer>) {
    this.#indexer = indexer
  }

  /** To be called once at the start and after each commit, with its messages; returns at once. */
  note(messages: number): void {
    this.#messages += messages
    if (this.#messages < INDEX_MESSAGES || this.#running !== undefined || this.#stopping) return
    this.#messages = 0
    this.#running = this.#run().finally(() => {
      this.#running = undefined
      this.note(0)
    })
  }

  /** Starts nothing any more; resolves when the indexer is idle. */
  async stop(): Promise<void> {
    this.#stopping = true
    await this.#running
  }

  /** An index that cannot be written loses nothing: readers go without what is not indexed. */
  async #run(): Promise<void> {
    try {
      while (!this.#stopping && (await this.#indexer.call('advance')));
    } catch {
      // A disk that cannot be written shows in readiness; the next commit tries again.
    }
  }
}
