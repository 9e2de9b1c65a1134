/** Bytes of a page of the search file. */
export const PAGE_BYTES = 8192

/** Bytes of a block: what fits into a page with the row that holds it. */
const BLOCK_BYTES = 8128

/** Bytes of deltas from which on a piece is full: how far a reader that skips must read. */
const PIECE_BYTES = 1000

/** Bytes of the longest number. */
const NUMBER_BYTES = 5

/** Bytes of the numbers before the deltas of a piece, at most. */
const HEAD_BYTES = 6 * NUMBER_BYTES

/** Numbers of a directory for each block: high and low of its first gram, and the first message. */
export const DIRECTORY_NUMBERS = 3

/** Writes a number, seven bits in a byte, the lowest first; returns where the next one goes. */
function putNumber(bytes: Uint8Array, at: number, value: number): number {
  let rest = value
  let next = at
  while (rest > 127) {
    bytes[next] = (rest & 127) | 128
    rest >>>= 7
    next += 1
  }
  bytes[next] = rest
  return next + 1
}

/**
 * Writes lists of messages by gram into blocks. A list is cut into pieces: gram, count and first
 * message, and if there is more than one, how long the deltas are, how far from the first to the
 * last, and the deltas. A gram is written as the difference to the one before in its block.
 */
export class BlockWriter {
  readonly #emit: (block: Uint8Array) => void
  readonly #block = new Uint8Array(BLOCK_BYTES)
  readonly #deltas = new Uint8Array(PIECE_BYTES + 2 * NUMBER_BYTES)
  readonly #directory: number[] = []
  #length = 0
  /** The gram that the block's last piece has. */
  #lastHigh = 0
  #lastLow = 0
  /** The piece that is being made. */
  #high = 0
  #low = 0
  #count = 0
  #first = 0
  #last = 0
  #size = 0

  /** Takes what to do with each block; its bytes are overwritten after that. */
  constructor(emit: (block: Uint8Array) => void) {
    this.#emit = emit
  }

  /** Adds a message to the list of a gram. Grams must ascend, and within one the messages. */
  add(high: number, low: number, message: number): void {
    if (!this.#continues(high, low, 0)) this.#begin(high, low, message)
    else {
      this.#size = putNumber(this.#deltas, this.#size, message - this.#last)
      this.#count += 1
      this.#last = message
    }
  }

  /** Adds a whole piece, whose messages are counted from another beginning, by so many more. */
  addPiece(piece: Piece, more: number): void {
    const { high, low, count, span, data, start, end } = piece
    const first = piece.first + more
    if (this.#continues(high, low, end - start)) {
      this.#size = putNumber(this.#deltas, this.#size, first - this.#last)
      this.#count += count
    } else {
      this.#begin(high, low, first)
      this.#count = count
    }
    for (let at = start; at < end; at += 1) this.#deltas[this.#size + at - start] = data[at] ?? 0
    this.#size += end - start
    this.#last = first + span
  }

  /** Ends the last block. Returns the directory. */
  finish(): Uint32Array {
    this.#endPiece()
    this.#endBlock()
    return Uint32Array.from(this.#directory)
  }

  /** Whether more of a gram still goes into the piece that is being made. */
  #continues(high: number, low: number, bytes: number): boolean {
    const same = this.#count > 0 && this.#high === high && this.#low === low
    return same && this.#size + bytes < PIECE_BYTES
  }

  #begin(high: number, low: number, first: number): void {
    this.#endPiece()
    this.#high = high
    this.#low = low
    this.#count = 1
    this.#first = first
    this.#last = first
    this.#size = 0
  }

  #endPiece(): void {
    if (this.#count === 0) return
    if (this.#length + HEAD_BYTES + this.#size > BLOCK_BYTES) this.#endBlock()
    if (this.#length === 0) this.#directory.push(this.#high, this.#low, this.#first)
    const block = this.#block
    const step = this.#high - this.#lastHigh
    let at = putNumber(block, this.#length, step)
    at = putNumber(block, at, step === 0 ? this.#low - this.#lastLow : this.#low)
    at = putNumber(block, at, this.#count)
    at = putNumber(block, at, this.#first)
    if (this.#count > 1) {
      at = putNumber(block, at, this.#size)
      at = putNumber(block, at, this.#last - this.#first)
      block.set(this.#deltas.subarray(0, this.#size), at)
      at += this.#size
    }
    this.#length = at
    this.#lastHigh = this.#high
    this.#lastLow = this.#low
    this.#count = 0
  }

  #endBlock(): void {
    if (this.#length > 0) this.#emit(this.#block.subarray(0, this.#length))
    this.#length = 0
    this.#lastHigh = 0
    this.#lastLow = 0
  }
}

const NO_BYTES = new Uint8Array()

/** Reads the pieces of blocks one by one, in place: its fields are those of the current one. */
export class Piece {
  data: Uint8Array = NO_BYTES
  high = 0
  low = 0
  count = 0
  /** The first message, and how far it is from there to the last. */
  first = 0
  span = 0
  /** Where the deltas are in the block. */
  start = 0
  end = 0
  #at = 0

  /** Begins with a block, before its first piece. */
  load(block: Uint8Array): void {
    this.data = block
    this.high = 0
    this.low = 0
    this.#at = 0
  }

  /** Goes on to the next piece; returns false at the end of the block. */
  next(): boolean {
    if (this.#at >= this.data.length) return false
    const step = this.#number()
    this.high += step
    this.low = step === 0 ? this.low + this.#number() : this.#number()
    this.count = this.#number()
    this.first = this.#number()
    const size = this.count > 1 ? this.#number() : 0
    this.span = this.count > 1 ? this.#number() : 0
    this.start = this.#at
    this.end = this.#at + size
    this.#at = this.end
    return true
  }

  /** Writes the piece's messages to a list from `at` on; returns where the next ones go. */
  copyTo(messages: Uint32Array, at: number): number {
    let message = this.first
    messages[at] = message
    let next = at + 1
    for (this.#at = this.start; this.#at < this.end; next += 1) {
      message += this.#number()
      messages[next] = message
    }
    return next
  }

  /**
   * Writes those of some ascending messages, from `at` on, that the piece has too to a list, from
   * `to` on, without listing all that it has; returns where the next ones go.
   */
  copyCommon(messages: Uint32Array, at: number, common: Uint32Array, to: number): number {
    let message = this.first
    let next = to
    this.#at = this.start
    for (let other = at; other < messages.length; other += 1) {
      const wanted = messages[other] ?? 0
      while (message < wanted && this.#at < this.end) message += this.#number()
      if (message < wanted) break
      if (message > wanted) continue
      common[next] = wanted
      next += 1
    }
    this.#at = this.end
    return next
  }

  /** Reads one number; up to 32 bits. */
  #number(): number {
    let byte = this.data[this.#at] ?? 0
    let value = byte & 127
    this.#at += 1
    for (let shift = 7; byte > 127; shift += 7) {
      byte = this.data[this.#at] ?? 0
      value |= (byte & 127) << shift
      this.#at += 1
    }
    return value >>> 0
  }
}
