import type { Database } from 'bun:sqlite'
import { countAll } from './count.ts'

/** Messages that lie together in each of the sample's places, to read few pages for many texts. */
const BLOCK_MESSAGES = 64

/** Characters of a text that are looked at: the longest texts would fill the memory. */
const TEXT_CHARACTERS = 500

/** A new sample is taken when there are so many times as many messages as at the last one. */
const GROWTH = 1.25

/** Stands between two texts. A needle that holds it may be met once too often: an estimate. */
const BETWEEN = '\n'

/**
 * Folded texts of messages spread evenly over all, to tell how common a needle is. They are kept:
 * a message never changes, so a sample is only renewed when many messages have come.
 */
export class Sample {
  readonly #db: Database
  readonly #messages: number
  #texts = ''
  #size = 0
  #through = 0

  /** Takes the connection to read by, and how many messages to look at. */
  constructor(db: Database, messages: number) {
    this.#db = db
    this.#messages = messages
  }

  /** How many messages are looked at. */
  get size(): number {
    this.#renew()
    return this.#size
  }

  /** How often a folded needle occurs, at most `max` times. */
  count(needle: string, max: number): number {
    this.#renew()
    let found = 0
    for (let at = this.#texts.indexOf(needle); at >= 0 && found < max; found += 1) {
      at = this.#texts.indexOf(needle, at + needle.length)
    }
    return found
  }

  /** Characters of some text, by a place from 0 to 1; undefined where there is none. */
  part(place: number, characters: number): string | undefined {
    this.#renew()
    const at = Math.floor(this.#texts.length * place)
    const part = this.#texts.slice(at, at + characters).toWellFormed()
    return part === '' ? undefined : part
  }

  #renew(): void {
    const total = countAll(this.#db)
    if (this.#through > 0 && total < this.#through * GROWTH) return
    const blocks = Math.max(1, Math.ceil(this.#messages / BLOCK_MESSAGES))
    const length = Math.min(BLOCK_MESSAGES, this.#messages)
    const step = Math.max(length, Math.floor(total / blocks))
    const block = this.#db.query<{ text: string | null }, [number, number]>(
      `SELECT substr(coalesce(folded, lower(text)), 1, ${TEXT_CHARACTERS}) AS text FROM messages
       WHERE seq >= ? AND seq < ?`,
    )
    const rows = Array.from({ length: blocks }, (_, n) =>
      block.all(1 + n * step, 1 + n * step + length),
    ).flat()
    this.#texts = rows.map(({ text }) => text ?? '').join(BETWEEN)
    this.#size = rows.length
    this.#through = total
  }
}
