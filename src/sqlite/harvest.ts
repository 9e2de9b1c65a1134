import type { BlockWriter } from './blocks.ts'
import { eachGram } from './grams.ts'

/** Grams of one harvest, repeated ones included: those of some thousand short texts, in 9 MB. */
const GRAMS_MAX = 2 ** 18

/** A gram's two halves are read as one number: the lower comes first on all machines we run on. */
const HALVES = 2

/**
 * The grams of a few thousand texts, gathered in arrays that are made once: a gram is known by
 * a number of its own, and each text adds the numbers of its grams to one long list.
 */
export class Harvest {
  readonly #room: number
  /** For each gram its halves, how many texts have it, and the last of them, counted from 1. */
  readonly #grams: BigUint64Array<ArrayBuffer>
  readonly #halves: Uint32Array
  readonly #counts: Uint32Array
  readonly #latest: Uint32Array
  /** An open-addressing hash table of the numbers of grams, counted from 1. */
  readonly #table: Uint32Array
  readonly #mask: number
  /** The grams of all texts by their numbers, and where those of each text end. */
  readonly #list: Uint32Array
  readonly #ends: number[] = []
  #known = 0
  #length = 0

  /** Takes the most grams that it must have room for. */
  constructor(room = GRAMS_MAX) {
    this.#room = Math.max(room, GRAMS_MAX)
    this.#grams = new BigUint64Array(this.#room)
    this.#halves = new Uint32Array(this.#grams.buffer)
    this.#counts = new Uint32Array(this.#room)
    this.#latest = new Uint32Array(this.#room)
    this.#list = new Uint32Array(this.#room)
    const slots = 2 ** Math.ceil(Math.log2(this.#room * 2))
    this.#table = new Uint32Array(slots)
    this.#mask = slots - 1
  }

  /** Forgets all texts. */
  clear(): void {
    this.#table.fill(0)
    this.#ends.length = 0
    this.#known = 0
    this.#length = 0
  }

  /** How many texts are in it. */
  get size(): number {
    return this.#ends.length
  }

  /** Whether a text may be added. */
  hasRoom(text: string | null): boolean {
    return text === null || this.#length + text.length <= this.#room
  }

  /** Adds the next text; null for a message that has none. */
  add(folded: string | null): void {
    if (folded !== null) eachGram(folded, this.#put)
    this.#ends.push(this.#length)
  }

  /** Adds messages without a text until there are so many. */
  skipTo(size: number): void {
    while (this.#ends.length < size) this.#ends.push(this.#length)
  }

  /** Hands on the list of each gram. */
  writeTo(writer: BlockWriter): void {
    const sorted = this.#grams.slice(0, this.#known).sort()
    const halves = new Uint32Array(sorted.buffer)
    const next = new Uint32Array(this.#known)
    const order = new Uint32Array(this.#known)
    let place = 0
    for (let at = 0; at < this.#known; at += 1) {
      const gram = this.#find(halves[at * HALVES + 1] ?? 0, halves[at * HALVES] ?? 0)
      order[at] = gram
      next[gram] = place
      place += this.#counts[gram] ?? 0
    }
    const texts = this.#textsByGram(next)
    let from = 0
    for (let at = 0; at < this.#known; at += 1) {
      const to = next[order[at] ?? 0] ?? 0
      const [low = 0, high = 0] = [halves[at * HALVES], halves[at * HALVES + 1]]
      for (; from < to; from += 1) writer.add(high, low, texts[from] ?? 0)
    }
  }

  /** Every gram's texts, one gram's after another's; `next` says where each begins, then ends. */
  #textsByGram(next: Uint32Array): Uint32Array {
    const texts = new Uint32Array(this.#length)
    let at = 0
    for (const [text, end] of this.#ends.entries()) {
      for (; at < end; at += 1) {
        const gram = this.#list[at] ?? 0
        const place = next[gram] ?? 0
        texts[place] = text
        next[gram] = place + 1
      }
    }
    return texts
  }

  readonly #put = (high: number, low: number): void => {
    const gram = this.#find(high, low)
    const text = this.#ends.length + 1
    if (this.#latest[gram] === text) return
    this.#latest[gram] = text
    this.#counts[gram] = (this.#counts[gram] ?? 0) + 1
    this.#list[this.#length] = gram
    this.#length += 1
  }

  /** The number of a gram, a new one where it has none. */
  #find(high: number, low: number): number {
    let hash = Math.imul(high, 0x9e3779b1) ^ Math.imul(low, 0x85ebca77)
    hash ^= hash >>> 15
    for (let slot = hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const gram = (this.#table[slot] ?? 0) - 1
      if (gram === -1) return this.#name(slot, high, low)
      if (this.#halves[gram * HALVES + 1] === high && this.#halves[gram * HALVES] === low) {
        return gram
      }
    }
  }

  #name(slot: number, high: number, low: number): number {
    const gram = this.#known
    this.#known += 1
    this.#table[slot] = this.#known
    this.#halves[gram * HALVES] = low
    this.#halves[gram * HALVES + 1] = high
    this.#counts[gram] = 0
    this.#latest[gram] = 0
    return gram
  }
}
