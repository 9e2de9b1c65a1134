import type { Checkpointer } from './checkpointer.ts'
import type { Settler } from './settler.ts'
import type { EngineThread } from './threads.ts'

/**
 * Pages in the WAL that start a checkpoint: 64 MiB of 4 KiB pages. More would make a restart
 * after a crash slow, fewer would copy the pages that are written often again and again.
 */
const CHECKPOINT_PAGES = 16_384

/** Pages in a WAL that is too long: 256 MiB. Readers without a pause would let it grow for ever. */
const WAL_PAGES_MAX = 65_536

/** Longest that moves wait for readers of a WAL that is too long; then it is tried again. */
const READERS_MILLISECONDS = 100

/**
 * Keeps the WAL short: most pages are copied by a thread of their own beside the settler, and the
 * few that were written meanwhile by the settler, between two moves. No sender waits for either.
 */
export class Checkpoints {
  readonly #settler: EngineThread<Settler>
  readonly #copier: EngineThread<Checkpointer>
  #running: Promise<void> | undefined

  constructor(settler: EngineThread<Settler>, copier: EngineThread<Checkpointer>) {
    this.#settler = settler
    this.#copier = copier
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
      const copied = await this.#copier.call('copy', CHECKPOINT_PAGES)
      if (copied) await this.#settler.call('finishCheckpoint', WAL_PAGES_MAX, READERS_MILLISECONDS)
    } catch {
      // A disk that cannot be written shows in readiness and in the answers to senders.
    }
  }
}
