import type { Checkpointer } from './checkpointer.ts'
import type { Settler } from './settler.ts'
import type { EngineThread } from './threads.ts'

/**
 * Pages in the WAL that start a checkpoint: 64 MiB of 4 KiB pages. More would make a restart
 * after a crash slow, fewer would copy the pages that are written often again and again.
 */
const CHECKPOINT_PAGES = 16_384

/** Bytes of a page in the WAL, with what stands before it (https://sqlite.org/fileformat.html). */
const FRAME_BYTES = 4096 + 24

/** Longest that moves wait for readers of a WAL that is too long; then it is tried again. */
const READERS_MILLISECONDS = 100

/**
 * Keeps the WAL short: most pages are copied by a thread of their own beside the settler, and the
 * few that were written meanwhile by the settler, between two moves. No sender waits for either.
 */
export class Checkpoints {
  readonly #settler: EngineThread<Settler>
  readonly #checkpointer: EngineThread<Checkpointer>
  readonly #pagesMax: number
  readonly #pagesDue: number
  #running: Promise<void> | undefined

  /** Readers without a pause would let the WAL grow for ever: from this size it waits for them. */
  constructor(
    settler: EngineThread<Settler>,
    checkpointer: EngineThread<Checkpointer>,
    walBytesMax: number,
  ) {
    this.#settler = settler
    this.#checkpointer = checkpointer
    this.#pagesMax = Math.floor(walBytesMax / FRAME_BYTES)
    this.#pagesDue = Math.min(CHECKPOINT_PAGES, Math.floor(this.#pagesMax / 2))
  }

  /** To be called after each move; returns at once. */
  noteMove(): void {
    if (this.#running !== undefined) return
    this.#running = this.#run().finally(() => {
      this.#running = undefined
    })
  }

  /** Resolves when no checkpoint is under way. */
  async settled(): Promise<void> {
    await this.#running
  }

  /** A checkpoint that fails loses nothing: the WAL keeps the rows, and the next move retries. */
  async #run(): Promise<void> {
    try {
      const copied = await this.#checkpointer.call('copy', this.#pagesDue)
      if (copied) await this.#settler.call('finishCheckpoint', this.#pagesMax, READERS_MILLISECONDS)
    } catch {
      // A disk that cannot be written shows in readiness and in the answers to senders.
    }
  }
}
