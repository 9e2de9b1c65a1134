import type { Finding } from '../upkeep.ts'

/** Differences that are told one by one; of the others only the number is. */
const SHOWN_MAX = 5

/** Collects what a check finds different, without keeping all of it. */
export class Differences {
  readonly #shown: string[] = []
  #count = 0

  /** Notes one difference; its words are kept only while takesWords says so. */
  add(text: string): void {
    this.#count += 1
    if (this.takesWords) this.#shown.push(text)
  }

  /** Whether another difference would be told with its words. */
  get takesWords(): boolean {
    return this.#shown.length < SHOWN_MAX
  }

  /** All of it in one line. */
  finding(): Finding {
    if (this.#count === 0) return { ok: true, text: 'ok' }
    const more = this.#count - this.#shown.length
    const words = [...this.#shown, ...(more > 0 ? [`and ${more} more`] : [])].join('; ')
    return { ok: false, text: `${this.#count} different: ${words}` }
  }
}
