import type { Database } from 'bun:sqlite'
import type { Piece } from './blocks.ts'
import {
  openSegment,
  piecesOf,
  removeIncomplete,
  removeSegments,
  type Segment,
  SegmentWriter,
  segmentsOf,
} from './segments.ts'

/** How many segments of one size are merged into one. */
export interface MergeLimits {
  readonly segments: number
  /** Messages of a segment of the first size; each further size is `segments` times as large. */
  readonly messages: number
  /** A segment of so many messages is never merged again. */
  readonly messagesMax: number
  /** Blocks that one step writes. */
  readonly blocks: number
}

/** A step writes 2 MB, some 10 milliseconds; a segment has at most some 150 MB. */
export const MERGE_LIMITS: MergeLimits = {
  segments: 8,
  messages: 4096,
  messagesMax: 2 ** 20,
  blocks: 256,
}

const messagesIn = ({ first, last }: Segment) => last - first + 1

/**
 * Which segments are to be merged now: the last ones, once there are several of one size, or once
 * together they make a full one. So a message is written anew about once for each size.
 */
export function dueSegments(all: readonly Segment[], limits: MergeLimits): readonly Segment[] {
  const { segments, messages, messagesMax } = limits
  for (let least = 0, size = messages * segments; ; least = size, size *= segments) {
    const bound = Math.min(size, messagesMax)
    const run = all.slice(all.findLastIndex((each) => messagesIn(each) >= bound) + 1)
    const sum = run.reduce((total, each) => total + messagesIn(each), 0)
    const alike = run.filter((each) => messagesIn(each) >= least).length
    if (run.length > 1 && (alike >= segments || sum >= messagesMax)) return run
    if (bound === messagesMax) return []
  }
}

interface Source {
  readonly pieces: Iterator<Piece>
  /** How much later its messages begin than those of the merged segment. */
  readonly more: number
  piece: Piece | undefined
}

function goOn(source: Source): void {
  const { done, value } = source.pieces.next()
  source.piece = done ? undefined : value
}

/** The gram that comes first among the sources' next pieces. */
function leastOf(sources: readonly Source[]): { high: number; low: number } | undefined {
  let least: Piece | undefined
  for (const { piece } of sources) {
    if (piece === undefined) continue
    const less =
      least === undefined ||
      piece.high < least.high ||
      (piece.high === least.high && piece.low < least.low)
    if (less) least = piece
  }
  return least && { high: least.high, low: least.low }
}

/**
 * Merges segments that lie side by side, in steps; to be called until it says that it is done,
 * each time in a transaction. Lists are joined as they are: later segments have later messages.
 */
function* mergeSegments(
  db: Database,
  segments: readonly Segment[],
  blocksPerStep: number,
): Generator<void> {
  // What an earlier try has left half-made, before the disk was full or the process was killed.
  removeIncomplete(db)
  const first = segments[0]?.first ?? 0
  const writer = new SegmentWriter(db, first, segments.at(-1)?.last ?? 0)
  const sources = segments.map(
    (segment): Source => ({
      pieces: piecesOf(db, openSegment(db, segment.id)),
      more: segment.first - first,
      piece: undefined,
    }),
  )
  for (const source of sources) goOn(source)
  let pause = blocksPerStep
  for (let gram = leastOf(sources); gram !== undefined; gram = leastOf(sources)) {
    const { high, low } = gram
    for (const source of sources) {
      for (let { piece } = source; piece !== undefined; { piece } = source) {
        if (piece.high !== high || piece.low !== low) break
        writer.blocks.addPiece(piece, source.more)
        goOn(source)
      }
    }
    if (writer.written < pause) continue
    pause = writer.written + blocksPerStep
    yield
  }
  writer.complete()
  removeSegments(db, segments)
}

/** Keeps the number of segments small, a step at a time. */
export class Merging {
  readonly #db: Database
  readonly #limits: MergeLimits
  #steps: Generator<void> | undefined

  /** Takes the indexing connection. */
  constructor(db: Database, limits: MergeLimits) {
    this.#db = db
    this.#limits = limits
  }

  /** Does one step in a transaction. Returns whether there was anything to do. */
  step(): boolean {
    if (this.#steps === undefined) {
      const due = dueSegments(segmentsOf(this.#db), this.#limits)
      if (due.length === 0) return false
      this.#steps = mergeSegments(this.#db, due, this.#limits.blocks)
    }
    const steps = this.#steps
    try {
      // Deferred, so that it locks the search file alone and not the database.
      const { done } = this.#db.transaction(() => steps.next()).deferred()
      if (done) this.#steps = undefined
      return true
    } catch (error) {
      // What was begun does no harm; the next merge removes it.
      this.#steps = undefined
      throw error
    }
  }
}
