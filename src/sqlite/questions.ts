import { QueryStopped } from '../store.ts'

/** Questions that may wait for one thread; more are refused, so that none waits for minutes. */
const QUESTIONS_MAX = 64

/** Bounds the questions that one thread has been asked and has not answered. */
export class Questions {
  #waiting = 0

  /** Asks, and answers what is answered. Throws QueryStopped when too many wait already. */
  async ask<T>(question: () => Promise<T>): Promise<T> {
    if (this.#waiting >= QUESTIONS_MAX) throw new QueryStopped('busy')
    this.#waiting += 1
    try {
      return await question()
    } finally {
      this.#waiting -= 1
    }
  }
}
