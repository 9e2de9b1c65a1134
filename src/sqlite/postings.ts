import type { Database } from 'bun:sqlite'
import { DIRECTORY_NUMBERS, Piece } from './blocks.ts'
import type { Gram, GramRange } from './grams.ts'
import {
  blocksIn,
  type OpenSegment,
  openSegment,
  readBlock,
  type Segment,
  searchVersion,
  segmentsOf,
} from './segments.ts'

/**
 * So few messages are looked at rather than asked for another gram, and so many more for each
 * block of its list: to read a block costs as much as to look at a few messages.
 */
const FEW = { messages: 8, perBlock: 4 }

const WORD_BITS = 32

/** Lists of a range that begin and end within so many blocks are sorted, longer ones are marked. */
const SORTED_BLOCKS = 2

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
  /** The ranges, the rarest first as far as this segment knows. */
  readonly ranges: readonly GramRange[]
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

/** Some messages in their order, each once. */
function sortedOf(messages: Uint32Array): Uint32Array {
  messages.sort()
  let count = 0
  for (const [at, message] of messages.entries()) {
    if (at > 0 && message === messages[count - 1]) continue
    messages[count] = message
    count += 1
  }
  return messages.subarray(0, count)
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
  #known: readonly Segment[] = []
  #version: number | undefined
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
   * segment knows; undefined where the next message is not indexed. `ranked` says that the ranges
   * are in the order in which another segment gave them back: then none has to be counted.
   */
  next(
    ranges: readonly GramRange[],
    after: number,
    through: number,
    ranked = false,
  ): Found | undefined {
    const ask = () => {
      const segment = this.#segments().find(({ last }) => last > after)
      if (segment === undefined || after >= through) return undefined
      this.#kept.clear()
      const opened = this.#open(segment)
      const order = this.#rank(opened, ranges, ranked)
      const found = this.#find(opened, order)
      const base = segment.first
      const last = Math.min(segment.last, through)
      const start = found.findIndex((message) => base + message > after)
      const end = found.findLastIndex((message) => base + message <= last) + 1
      const messages = found.subarray(Math.max(start, 0), start < 0 ? 0 : end)
      return { base, messages, last, ranges: order }
    }
    // Merging may replace segments between two questions, but not within one.
    return this.#db.transaction(ask).deferred()
  }

  /** The complete segments in order, read anew where anything was written to the index. */
  #segments(): readonly Segment[] {
    const version = searchVersion(this.#db)
    if (version === this.#version) return this.#known
    this.#known = segmentsOf(this.#db)
    this.#version = version
    const there = new Set(this.#known.map(({ id }) => id))
    for (const id of this.#opened.keys()) if (!there.has(id)) this.#opened.delete(id)
    return this.#known
  }

  #open({ id }: Segment): OpenSegment {
    const known = this.#opened.get(id)
    if (known !== undefined) return known
    const segment = openSegment(this.#db, id)
    this.#opened.set(id, segment)
    return segment
  }

  /**
   * The rarest range first. Lists that go over several blocks are told by the directory alone.
   * How often the others come is counted once, since what is rare in one segment is in the next.
   */
  #rank(segment: OpenSegment, ranges: readonly GramRange[], ranked: boolean): GramRange[] {
    const some = ranges.map((range) => {
      const blocks = this.#blocksOf(segment, range)
      const counts = blocks <= 1 && !ranked && ranges.length > 1
      return { range, blocks, count: counts ? this.#count(segment, range) : 0 }
    })
    some.sort((a, b) => Math.max(a.blocks, 1) - Math.max(b.blocks, 1) || a.count - b.count)
    return some.map(({ range }) => range)
  }

  /** The rarest list is read whole, and of the others what the messages left so far need. */
  #find(segment: OpenSegment, [rarest, ...others]: readonly GramRange[]): Uint32Array {
    if (rarest === undefined) return new Uint32Array()
    if (!isSingle(rarest)) return this.#union(segment, rarest)
    let found = this.#list(segment, rarest)
    for (const range of others) {
      const blocks = this.#blocksOf(segment, range)
      if (found.length <= FEW.messages + FEW.perBlock * blocks) return found
      found = this.#among(segment, range.from, found)
    }
    return found
  }

  /** How many blocks further the lists of a range end than they begin. */
  #blocksOf(segment: OpenSegment, { from, to }: GramRange): number {
    const begin = blockAt(segment, { ...from, first: 0 })
    return blockAt(segment, { ...to, first: segment.last - segment.first }) - begin
  }

  /** How many messages the lists of a range have in all. */
  #count(segment: OpenSegment, range: GramRange): number {
    let count = 0
    for (const piece of this.#pieces(segment, range)) count += piece.count
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

  /** The lists of a range, one after another. */
  #list(segment: OpenSegment, range: GramRange): Uint32Array {
    let count = 0
    for (const piece of this.#pieces(segment, range)) {
      this.#reserve(count + piece.count)
      count = piece.copyTo(this.#scratch, count)
    }
    return this.#scratch.slice(0, count)
  }

  /** All messages that have any gram of a range. */
  #union(segment: OpenSegment, range: GramRange): Uint32Array {
    if (this.#blocksOf(segment, range) <= SORTED_BLOCKS) return sortedOf(this.#list(segment, range))
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
        const end = piece.first + piece.span
        if ((messages[at] ?? 0) > end) continue
        count = piece.copyCommon(messages, at, found, count)
        while (at < messages.length && (messages[at] ?? 0) <= end) at += 1
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
