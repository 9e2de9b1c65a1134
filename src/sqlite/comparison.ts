import type { Database } from 'bun:sqlite'
import { fold } from '../fold.ts'
import type { Progress } from '../upkeep.ts'
import { Differences } from './differences.ts'
import { eachGram, type Gram } from './grams.ts'
import { Postings } from './postings.ts'
import { openSegment, piecesOf, type Segment, segmentsOf } from './segments.ts'
import { walkMessages } from './walk.ts'

/** Bits of each half of a hash. */
const HALF_BITS = 26

/** Sums are kept modulo this, so that they are exact in a double. */
const MODULUS = 2 ** (2 * HALF_BITS)

/** Pieces of lists between two words on progress. */
const PROGRESS_PIECES = 20_000

/** Spreads the bits of a number (the finalizer of MurmurHash3, which is in the public domain). */
function mix(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> (32 - HALF_BITS)
}

const hashOf = (high: number, low: number) =>
  mix(high ^ mix(low)) * 2 ** HALF_BITS + mix(low ^ Math.imul(mix(high), 0x9e3779b1))

/** Each gram of a text once, as far as hashes tell them apart. */
function hashesOf(text: string): Set<number> {
  const hashes = new Set<number>()
  eachGram(fold(text), (high, low) => void hashes.add(hashOf(high, low)))
  return hashes
}

/** One sum for each message of a segment. */
class Sums {
  readonly #sums: Float64Array

  constructor(readonly segment: Segment) {
    this.#sums = new Float64Array(segment.last - segment.first + 1)
  }

  get size(): number {
    return this.#sums.length
  }

  /** Adds to the sum of a message, counted from 0; returns false for one out of the segment. */
  add(message: number, value: number): boolean {
    const before = this.#sums[message]
    if (before === undefined) return false
    const sum = before + value
    this.#sums[message] = sum >= MODULUS ? sum - MODULUS : sum
    return true
  }

  /** Every seq whose sum is not zero. */
  *others(): Generator<number> {
    for (const [index, sum] of this.#sums.entries()) if (sum !== 0) yield this.segment.first + index
  }
}

/** Says of one message how its grams in the index differ from those of its text. */
function describe(db: Database, seq: number): string {
  const row = db
    .query<{ text: string | null }, [number]>('SELECT text FROM messages WHERE seq = ?')
    .get(seq)
  const grams = new Map<string, Gram>()
  const put = (high: number, low: number) => void grams.set(`${high} ${low}`, { high, low })
  if (typeof row?.text === 'string') eachGram(fold(row.text), put)
  const postings = new Postings(db)
  const isThere = (gram: Gram) =>
    postings.next([{ from: gram, to: gram }], seq - 1, seq)?.messages.length === 1
  const missing = [...grams.values()].filter((gram) => !isThere(gram))
  return missing.length > 0
    ? `seq ${seq} lacks ${missing.length} of its ${grams.size} grams`
    : `seq ${seq} has grams that are not in its text`
}

/** Adds the grams of the texts of a segment. */
function addTexts(db: Database, sums: Sums, progress: Progress): void {
  const { first, last } = sums.segment
  for (const rows of walkMessages(db, progress, first - 1)) {
    for (const { seq, text } of rows) {
      if (seq > last) return
      if (text === null) continue
      for (const hash of hashesOf(text)) sums.add(seq - first, hash)
    }
  }
}

/** Takes away the grams of the index. Returns the messages of lists that are not the segment's. */
function takeIndex(db: Database, sums: Sums, progress: (done: number) => void): Set<number> {
  const strays = new Set<number>()
  const { id, first, last } = sums.segment
  const messages = new Uint32Array(last - first + 2)
  let pieces = 0
  for (const piece of piecesOf(db, openSegment(db, id))) {
    const count = piece.count > messages.length ? 0 : piece.copyTo(messages, 0)
    const rest = MODULUS - hashOf(piece.high, piece.low)
    for (const message of messages.subarray(0, count)) {
      if (!sums.add(message, rest)) strays.add(first + message)
    }
    pieces += 1
    if (pieces % PROGRESS_PIECES === 0) progress(pieces)
  }
  return strays
}

/** Which messages up to a seq are in no segment, or in two. */
function checkRanges(segments: readonly Segment[], through: number, differences: Differences) {
  let expected = 1
  for (const { id, first, last } of segments) {
    if (first !== expected) differences.add(`segment ${id} begins with ${first}, not ${expected}`)
    expected = last + 1
  }
  if (expected !== through + 1) differences.add(`seq ${expected - 1} is the last, not ${through}`)
}

/**
 * Compares the grams of each message that the attached index should hold, seq 1 to `through`,
 * with those of its text: of either side a sum of 52-bit hashes is made for each message, so that
 * the index can be read in its own order, once, and nothing is sorted or written. A gram too few
 * or too many goes unseen with a chance of 1 in 2^52.
 */
export function comparePostings(db: Database, through: number, progress: Progress): Differences {
  const differences = new Differences()
  const segments = segmentsOf(db)
  checkRanges(segments, through, differences)
  for (const segment of segments) {
    const { first, last } = segment
    const sums = new Sums(segment)
    const half = (fraction: number) => progress(first - 1 + fraction * sums.size, through)
    addTexts(db, sums, (seq) => half((0.5 * Math.min(seq - first, sums.size)) / sums.size))
    const strays = takeIndex(db, sums, () => half(0.75))
    for (const seq of sums.others()) {
      differences.add(differences.takesWords ? describe(db, seq) : `seq ${seq}`)
    }
    for (const seq of strays) differences.add(`seq ${seq} is in it but should not be`)
    progress(last, through)
  }
  return differences
}
