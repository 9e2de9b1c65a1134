import { StoreUnavailable } from '../store.ts'

/**
 * When acknowledged messages are moved to the indexed ones without a reader asking for it: each
 * move holds up the commits behind it for some milliseconds, and the more it moves, the less it
 * costs a message. So it waits for many commits to have gone by, and for not too many messages.
 */
const DUE = { commits: 64, messagesMin: 256, messagesMax: 4096 } as const

interface SettlingOptions {
  /** Moves all acknowledged messages; resolves to how many they were. */
  readonly settle: () => Promise<number>
  /** Told after each move how many messages it made visible to readers. */
  readonly onSettled: (messages: number) => void
}

/** Sees to it that readers find every acknowledged message, and that few wait to be moved. */
export class Settling {
  readonly #options: SettlingOptions
  #commits = 0
  #messages = 0
  #latest: Promise<void> = Promise.resolve()

  constructor(options: SettlingOptions) {
    this.#options = options
  }

  /** To be called after each commit with the size of its batch, before it is acknowledged. */
  noteCommit(messages: number): void {
    this.#commits += 1
    this.#messages += messages
    const many = this.#commits >= DUE.commits && this.#messages >= DUE.messagesMin
    // A move that fails loses nothing, and the next one tries again.
    if (many || this.#messages >= DUE.messagesMax) this.current().catch(() => {})
  }

  /**
   * Resolves when every message that was acknowledged before the call is among the indexed ones.
   * Throws StoreUnavailable when they cannot be moved.
   */
  current(): Promise<void> {
    if (this.#messages > 0) this.#latest = this.#run()
    return this.#latest
  }

  /**
   * The same, but resolves to false where the messages cannot be moved now, as on a full disk.
   */
  async succeeds(): Promise<boolean> {
    try {
      await this.current()
      return true
    } catch (error) {
      if (error instanceof StoreUnavailable) return false
      throw error
    }
  }

  async #run(): Promise<void> {
    const messages = this.#messages
    this.#commits = 0
    this.#messages = 0
    try {
      this.#options.onSettled(await this.#options.settle())
    } catch (error) {
      this.#messages += messages
      throw error
    }
  }
}
