import { type Minted, mint, numberOf, senderOf, WORDS, wordOf } from './mint.ts'

const SENT = 1
const ACKNOWLEDGED = 2
const STORED = 4

/** What is there, by the answers of the service, counted by us. */
export interface Recount {
  stored: number
  readonly senders: Map<string, number>
  readonly words: Map<string, number>
  /** The lowest and the highest number; NaN of none. */
  first: number
  last: number
}

/**
 * What the senders know of each message by its number: whether it was sent, acknowledged, and
 * found again. Numbers are given out in turn, so the book also says which is the next.
 */
export class Book {
  #flags = new Uint8Array(1 << 16)
  #next = 0
  #acknowledged = 0
  readonly recount: Recount = {
    stored: 0,
    senders: new Map(),
    words: new Map(WORDS.map((word) => [word, 0])),
    first: Number.NaN,
    last: Number.NaN,
  }

  /** A book in which so many were sent, and these of them acknowledged. */
  static of(sent: number, acknowledged: Iterable<number>): Book {
    const book = new Book()
    while (book.sent < sent) book.next()
    for (const number of acknowledged) book.acknowledge(number)
    return book
  }

  /** A number that was not given out before. */
  next(): number {
    if (this.#next === this.#flags.length) {
      const grown = new Uint8Array(2 * this.#flags.length)
      grown.set(this.#flags)
      this.#flags = grown
    }
    this.#flags[this.#next] = SENT
    this.#next += 1
    return this.#next - 1
  }

  /** How many numbers were given out. */
  get sent(): number {
    return this.#next
  }

  /** How many messages were answered 200, each counted once. */
  get acknowledged(): number {
    return this.#acknowledged
  }

  #has(number: number, flag: number): boolean {
    return ((this.#flags[number] ?? 0) & flag) !== 0
  }

  /** Notes a 200 for this message. */
  acknowledge(number: number): void {
    if (!this.#has(number, ACKNOWLEDGED)) this.#acknowledged += 1
    this.#flags[number] = (this.#flags[number] ?? 0) | ACKNOWLEDGED
  }

  /** Whether this message was answered 200. */
  isAcknowledged(number: number): boolean {
    return this.#has(number, ACKNOWLEDGED)
  }

  /** Whether a listing had this message. */
  isStored(number: number): boolean {
    return this.#has(number, STORED)
  }

  /** Notes that a listing has this message. */
  find(number: number): void {
    if (this.#has(number, STORED)) return
    this.#flags[number] = (this.#flags[number] ?? 0) | STORED
    const { recount } = this
    recount.stored += 1
    const sender = senderOf(number)
    recount.senders.set(sender, (recount.senders.get(sender) ?? 0) + 1)
    const word = wordOf(number)
    if (word !== undefined) recount.words.set(word, (recount.words.get(word) ?? 0) + 1)
    recount.first = Math.min(number, Number.isNaN(recount.first) ? number : recount.first)
    recount.last = Math.max(number, Number.isNaN(recount.last) ? number : recount.last)
  }

  /** The number of a message as it was sent first; undefined where it is none of these. */
  recognise(message: Minted): number | undefined {
    const number = numberOf(message.message_id)
    if (number === undefined || !this.#has(number, SENT)) return undefined
    const { from, to, ts, text } = mint(number)
    const same =
      [from, to, ts, text].join('\n') ===
      [message.from, message.to, message.ts, message.text].join('\n')
    return same ? number : undefined
  }

  /** Those numbers from `low` on that were sent and not acknowledged: nobody knows of them. */
  doubtful(low: number): number[] {
    const numbers: number[] = []
    for (let number = low; number < this.#next; number += 1) {
      if (!this.#has(number, ACKNOWLEDGED)) numbers.push(number)
    }
    return numbers
  }
}
