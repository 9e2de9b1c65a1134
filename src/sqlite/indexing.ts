import type { Indexer } from './indexer.ts'
import type { EngineThread } from './threads.ts'

/**
 * Messages that are indexed together at least. Fewer are looked at one by one in a millisecond or
 * two, and each segment costs some time of its own, however small it is.
 */
export const INDEX_MESSAGES = 4096

/** Starts the indexer whenever enough messages have come, and once after the start. */
export class Indexing {
  readonly #indexer: EngineThread<Indexer>
  #messages = INDEX_MESSAGES
  #cold = true
  #stopping = false
  #running: Promise<void> | undefined

  constructor(indexer: EngineThread<Indexer>) {
    this.#indexer = indexer
  }

  /** To be called after each move, with its messages, and at intervals; returns at once. */
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

  /** Returns whether there is more to warm. What cannot be read must not hold up the index. */
  async #warm(): Promise<boolean> {
    try {
      return await this.#indexer.call('warm')
    } catch {
      return false
    }
  }

  /** An index that cannot be written loses nothing: readers go without what is not indexed. */
  async #run(): Promise<void> {
    try {
      let more = true
      while (more && !this.#stopping) {
        more = await this.#indexer.call('advance', INDEX_MESSAGES)
        // Once after the start, between two steps of what is more urgent.
        if (this.#cold) this.#cold = await this.#warm()
        more ||= this.#cold
      }
    } catch {
      // A disk that cannot be written shows in readiness; the next commit tries again.
    }
  }
}
