import { StoreUnavailable } from '../store.ts'
import type { Settled } from './move.ts'

/**
 * What starts a move before the next tick. So many messages at a time cost each hardly more than
 * twice as many would; and long ones are not to make a move longer than the WAL should be.
 */
const DUE = { messages: 8192, characters: 1_048_576 } as const

/**
 * Most messages that wait to be moved; beyond, senders wait for a move to end. It bounds the
 * memory for their ids, and the time to be ready after a crash.
 */
const UNSETTLED_MAX = 32_768

interface SettlingOptions {
  /** Moves all arrivals; see Settler.settle. */
  readonly settle: () => Promise<Settled>
  /** Told after each move how many messages it made visible to readers. */
  readonly onSettled: (messages: number) => void
}

/** Sees to it that readers find every acknowledged message, and that few wait to be moved. */
export class Settling {
  readonly #options: SettlingOptions
  /** Acknowledged since the last move was asked for. */
  #fresh = 0
  #characters = 0
  /** Acknowledged before that, and not moved yet. */
  #moving = 0
  #latest: Promise<void> = Promise.resolve()
  #settled: Settled | undefined

  constructor(options: SettlingOptions) {
    this.#options = options
  }

  /** To be called after each commit, with what its batch has, before it is acknowledged. */
  noteCommit(messages: number, characters: number): void {
    this.#fresh += messages
    this.#characters += characters
    if (this.#fresh >= DUE.messages || this.#characters >= DUE.characters) this.tick()
  }

  /** Moves what has been acknowledged, unless a move is under way; to be called at intervals. */
  tick(): void {
    // A move that fails loses nothing, and a later one tries again.
    if (this.#moving === 0) this.current().catch(() => {})
  }

  /**
   * Resolves when there is room for more messages: at once unless very many wait to be moved.
   * Throws StoreUnavailable when so many cannot be moved.
   */
  async room(): Promise<void> {
    if (this.#fresh + this.#moving >= UNSETTLED_MAX) await this.current()
  }

  /** How far the messages are settled, once after each move: what the writer may forget. */
  takeSettled(): Settled | undefined {
    const settled = this.#settled
    this.#settled = undefined
    return settled
  }

  /**
   * Resolves when every message that was acknowledged before the call is among the stored ones.
   * Throws StoreUnavailable when they cannot be moved.
   */
  current(): Promise<void> {
    if (this.#fresh > 0) this.#latest = this.#run()
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
    const { settle, onSettled } = this.#options
    const messages = this.#fresh
    this.#fresh = 0
    this.#characters = 0
    this.#moving += messages
    try {
      this.#settled = await settle()
      onSettled(messages)
    } catch (error) {
      this.#fresh += messages
      throw error
    } finally {
      this.#moving -= messages
    }
  }
}
