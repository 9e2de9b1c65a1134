import type { Database } from 'bun:sqlite'
import { DIRECTORY_NUMBERS, Piece } from './blocks.ts'
import type { Gram, GramRange } from './grams.ts'
import {
  blocksIn,
  type OpenSegment,
  openSegment,
  readBlock,
  type Segment,
  segmentAfter,
  segmentsOf,
} from './segments.ts'

/**
 * So few messages are looked at rather than asked for another gram, and so many more for each
 * block of its list: to read a block costs as much as to look at a few messages.
 */
const FEW = { messages: 8, perBlock: 4 }

/** Messages in a block of one long list, about. */
const BLOCK_MESSAGES = 7000

const WORD_BITS = 32

/** Blocks that are kept while one segment is asked: grams are counted before they are read. */
const KEPT_BLOCKS = 64

/** What the index says of the messages of one segment. */
export interface Found {
  /** The seq from which `messages` count. */
  readonly base: number
  /** The messages that have a gram of each range, in their order. */
  readonly messages: Uint32Array
  /** The last seq that was asked about. */
  readonly last: number
}

type Place = Gram & { readonly first: number }

const isSingle = ({ from, to }: GramRange) => from.high === to.high && from.low === to.low

const isAfter = (high: number, low: number, gram: Gram) =>
  high > gram.high || (high === gram.high && low > gram.low)

/** The last block that begins at or before a place: pieces of later ones come after it. */
function blockAt({ directory }: OpenSegment, { high, low, first }: Place): number {
  let below = 0
  let above = directory.length / DIRECTORY_NUMBERS
  while (above - below > 1) {
    const middle = (below + above) >>> 1
    const at = middle * DIRECTORY_NUMBERS
    const [h, l] = [directory[at] ?? 0, directory[at + 1] ?? 0]
    const begun = (directory[at + 2] ?? 0) <= first
    if (h > high || (h === high && (l > low || (l === low && !begun)))) above = middle
    else below = middle
  }
  return below
}

/** Whether a block, and each that follows it, has only what comes after a gram. */
function isBeyond(segment: OpenSegment, block: number, gram: Gram): boolean {
  const { directory } = segment
  const at = block * DIRECTORY_NUMBERS
  return block >= blocksIn(segment) || isAfter(directory[at] ?? 0, directory[at + 1] ?? 0, gram)
}

/** The numbers of the bits that are set. */
function numbersOf(bits: Uint32Array, count: number): Uint32Array {
  const numbers = new Uint32Array(count)
  let next = 0
  for (let at = 0; at < bits.length; at += 1) {
    for (let left = bits[at] ?? 0; left !== 0; left &= left - 1) {
      numbers[next] = at * WORD_BITS + (WORD_BITS - 1 - Math.clz32(left & -left))
      next += 1
    }
  }
  return numbers
}

/** Asks the search index, a segment at a time, in a read transaction for each. */
export class Postings {
  readonly #db: Database
  readonly #opened = new Map<number, OpenSegment>()
  readonly #kept = new Map<number, Uint8Array>()
  /** Room for the messages of one piece or more. */
  #scratch = new Uint32Array(1024)

  /** Takes a connection to which the index is attached. */
  constructor(db: Database) {
    this.#db = db
  }

  /**
   * The messages after one seq and up to another that have a gram of each range, as far as one
   * segment knows; undefined where the next message is not indexed.
   */
  next(ranges: readonly GramRange[], after: number, through: number): Found | undefined {
    const ask = () => {
      const segment = after < through ? segmentAfter(this.#db, after) : undefined
      if (segment === undefined) return undefined
      this.#kept.clear()
      const found = this.#find(this.#open(segment), ranges)
      const base = segment.first
      const last = Math.min(segment.last, through)
      const start = found.findIndex((message) => base + message > after)
      const end = found.findLastIndex((message) => base + message <= last) + 1
      return { base, messages: found.subarray(Math.max(start, 0), start < 0 ? 0 : end), last }
    }
    // Merging may replace segments between two questions, but not within one.
    return this.#db.transaction(ask).deferred()
  }

  #open({ id }: Segment): OpenSegment {
    const known = this.#opened.get(id)
    if (known !== undefined) return known
    const there = new Set(segmentsOf(this.#db).map((each) => each.id))
    for (const each of this.#opened.keys()) if (!there.has(each)) this.#opened.delete(each)
    const segment = openSegment(this.#db, id)
    this.#opened.set(id, segment)
    return segment
  }

  /** The rarest list is read whole, and of the others what the messages left so far need. */
  #find(segment: OpenSegment, ranges: readonly GramRange[]): Uint32Array {
    const [only] = ranges
    if (only === undefined) return new Uint32Array()
    if (!isSingle(only)) return this.#union(segment, only)
    const counted = ranges.map(({ from }) => ({ gram: from, count: this.#estimate(segment, from) }))
    counted.sort((a, b) => a.count - b.count)
    const [rarest, ...others] = counted
    let found = this.#list(segment, rarest?.gram ?? only.from)
    for (const { gram, count } of others) {
      const blocks = count / BLOCK_MESSAGES
      if (found.length <= FEW.messages + FEW.perBlock * blocks) return found
      found = this.#among(segment, gram, found)
    }
    return found
  }

  /** How many messages have a gram; where its list goes over several blocks, about how many. */
  #estimate(segment: OpenSegment, gram: Gram): number {
    const begin = blockAt(segment, { ...gram, first: 0 })
    const end = blockAt(segment, { ...gram, first: segment.last - segment.first })
    if (end > begin + 1) return (end - begin) * BLOCK_MESSAGES
    let count = 0
    for (const piece of this.#pieces(segment, { from: gram, to: gram })) count += piece.count
    return count
  }

  /** The pieces of a range, as one object that goes on with each step. */
  *#pieces(segment: OpenSegment, { from, to }: GramRange): Generator<Piece> {
    const piece = new Piece()
    for (let block = blockAt(segment, { ...from, first: 0 }); ; block += 1) {
      if (isBeyond(segment, block, to)) return
      piece.load(this.#read(segment, block))
      while (piece.next()) {
        if (isAfter(piece.high, piece.low, to)) return
        if (!isAfter(from.high, from.low, piece)) yield piece
      }
    }
  }

  /** All messages that have a gram. */
  #list(segment: OpenSegment, gram: Gram): Uint32Array {
    let count = 0
    for (const piece of this.#pieces(segment, { from: gram, to: gram })) {
      this.#reserve(count + piece.count)
      count = piece.copyTo(this.#scratch, count)
    }
    return this.#scratch.slice(0, count)
  }

  /** All messages that have any gram of a range. */
  #union(segment: OpenSegment, range: GramRange): Uint32Array {
    const bits = new Uint32Array(Math.ceil((segment.last - segment.first + 1) / WORD_BITS))
    let count = 0
    for (const piece of this.#pieces(segment, range)) {
      this.#reserve(piece.count)
      const end = piece.copyTo(this.#scratch, 0)
      for (let at = 0; at < end; at += 1) {
        const message = this.#scratch[at] ?? 0
        const word = bits[message >>> 5] ?? 0
        const bit = 1 << (message & (WORD_BITS - 1))
        if ((word & bit) !== 0) continue
        bits[message >>> 5] = word | bit
        count += 1
      }
    }
    return numbersOf(bits, count)
  }

  /** Of some messages those that have a gram too; blocks without any of them are not read. */
  #among(segment: OpenSegment, gram: Gram, messages: Uint32Array): Uint32Array {
    const found = new Uint32Array(messages.length)
    const piece = new Piece()
    let count = 0
    let at = 0
    for (let block = -1; at < messages.length; ) {
      const place = { ...gram, first: messages[at] ?? 0 }
      block = Math.max(block + 1, blockAt(segment, place))
      if (isBeyond(segment, block, gram)) break
      piece.load(this.#read(segment, block))
      while (piece.next() && !isAfter(piece.high, piece.low, gram)) {
        if (piece.high !== gram.high || piece.low !== gram.low) continue
        while (at < messages.length && (messages[at] ?? 0) < piece.first) at += 1
        if ((messages[at] ?? 0) > piece.first + piece.span) continue
        this.#reserve(piece.count)
        const end = piece.copyTo(this.#scratch, 0)
        for (let other = 0; other < end && at < messages.length; ) {
          const [message = 0, listed = 0] = [messages[at], this.#scratch[other]]
          if (message === listed) {
            found[count] = message
            count += 1
          }
          if (message <= listed) at += 1
          if (listed <= message) other += 1
        }
      }
    }
    return found.slice(0, count)
  }

  #read({ id }: Segment, block: number): Uint8Array {
    const kept = this.#kept.get(block)
    if (kept !== undefined) return kept
    const data = readBlock(this.#db, id, block)
    if (this.#kept.size < KEPT_BLOCKS) this.#kept.set(block, data)
    return data
  }

  #reserve(messages: number): void {
    if (messages <= this.#scratch.length) return
    const larger = new Uint32Array(2 * messages)
    larger.set(this.#scratch)
    this.#scratch = larger
  }
}
