import type { Checkpointer } from './checkpointer.ts'
import type { EngineThread } from './threads.ts'
import type { Writer } from './writer.ts'

/**
 * Pages in the WAL that start a checkpoint: 64 MiB of 4 KiB pages. More would make a restart
 * after a crash slow, fewer would copy the pages that are written often again and again.
 */
const CHECKPOINT_PAGES = 16_384

/** Bytes of a page in the WAL, with what stands before it (https://sqlite.org/fileformat.html). */
const FRAME_BYTES = 4096 + 24

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
  readonly #pagesMax: number
  readonly #pagesDue: number
  #commits = 0
  #running: Promise<void> | undefined

  /** Readers without a pause would let the WAL grow for ever: from this size it waits for them. */
  constructor(
    writer: EngineThread<Writer>,
    copier: EngineThread<Checkpointer>,
    walBytesMax: number,
  ) {
    this.#writer = writer
    this.#copier = copier
    this.#pagesMax = Math.floor(walBytesMax / FRAME_BYTES)
    this.#pagesDue = Math.min(CHECKPOINT_PAGES, Math.floor(this.#pagesMax / 2))
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
      const copied = await this.#copier.call('copy', this.#pagesDue)
      if (copied) await this.#writer.call('finishCheckpoint', this.#pagesMax, READERS_MILLISECONDS)
    } catch {
      // A disk that cannot be written shows in readiness and in the answers to senders.
    }
  }
}
