import type { Checkpointer } from './checkpointer.ts'
import type { EngineThread } from './threads.ts'
import type { Writer } from './writer.ts'

/**
 * Pages in the WAL that start a checkpoint: 64 MiB of 4 KiB pages. More would make a restart
 * after a crash slow, fewer would copy the pages that are written often again and again.
 */
const CHECKPOINT_PAGES = 16_384

/** Pages in a WAL that is too long: 256 MiB. Readers without a pause would let it grow for ever. */
const WAL_PAGES_MAX = 65_536

/** Longest that commits wait for readers of a WAL that is too long; then it is tried again. */
const READERS_MILLISECONDS = 100

/** Commits between two looks at the WAL: one commit writes far fewer pages than it may hold. */
const COMMITS_PER_LOOK = 8

/**
 * Keeps the WAL short without making a sender wait: most pages are copied by a thread of their
 * own beside the writer, and the few that were written meanwhile by the writer, between batches.
 */
export class Checkpoints {
  readonly #writer: EngineThread<Writer>
  readonly #copier: EngineThread<Checkpointer>
  #commits = 0
  #running: Promise<void> | undefined

  constructor(writer: EngineThread<Writer>, copier: EngineThread<Checkpointer>) {
    this.#writer = writer
    this.#copier = copier
  }

  /** To be called after each commit; returns at once. */
  noteCommit(): void {
    this.#commits += 1
    if (this.#commits < COMMITS_PER_LOOK || this.#running !== undefined) return
    this.#commits = 0
    this.#running = this.#run().finally(() => {
      this.#running = undefined
    })
  }

  /** Resolves when no checkpoint is under way. */
  async settled(): Promise<void> {
    await this.#running
  }

  /** A checkpoint that fails loses nothing: the WAL keeps the rows, and the next commit retries. */
  async #run(): Promise<void> {
    try {
      const copied = await this.#copier.call('copy', CHECKPOINT_PAGES)
      if (copied) await this.#writer.call('finishCheckpoint', WAL_PAGES_MAX, READERS_MILLISECONDS)
    } catch {
      // A disk that cannot be written shows in readiness and in the answers to senders.
    }
  }
}
