import type { Chance } from '../bench/chance.ts'

/** Bytes that a disk writes wholly or not at all. */
const SECTOR_BYTES = 512

/** A change of a file: its name, its bytes or its length. */
export type Change =
  | { readonly kind: 'create' | 'remove' }
  | { readonly kind: 'write'; readonly offset: number; readonly data: Buffer }
  | { readonly kind: 'truncate'; readonly size: number }

/** The content of a file that may be there or not. */
export class Image {
  #bytes: Buffer
  #length: number
  #exists: boolean

  constructor(bytes = Buffer.alloc(0), exists = false) {
    this.#bytes = bytes
    this.#length = bytes.length
    this.#exists = exists
  }

  /** Whether there is a file. */
  get exists(): boolean {
    return this.#exists
  }

  /** The content; undefined where there is no file. */
  bytes(): Buffer | undefined {
    return this.#exists ? this.#bytes.subarray(0, this.#length) : undefined
  }

  /** The same again, to be changed on its own. */
  copy(): Image {
    return new Image(Buffer.from(this.#bytes.subarray(0, this.#length)), this.#exists)
  }

  #resize(length: number): void {
    if (length > this.#bytes.length) {
      const grown = Buffer.alloc(Math.max(length, 2 * this.#bytes.length))
      this.#bytes.copy(grown, 0, 0, this.#length)
      this.#bytes = grown
    }
    // What is cut off and written over later reads as zeros in between.
    if (length < this.#length) this.#bytes.fill(0, length, this.#length)
    this.#length = length
  }

  /** Makes the change. */
  apply(change: Change): void {
    if (change.kind === 'create') this.#exists = true
    if (change.kind === 'remove') {
      this.#exists = false
      this.#resize(0)
    }
    if (change.kind === 'truncate') this.#resize(change.size)
    if (change.kind !== 'write') return
    const { offset, data } = change
    if (offset + data.length > this.#length) this.#resize(offset + data.length)
    data.copy(this.#bytes, offset)
  }

  /** Makes each sector of a write or leaves it; the same for a cut. Names change as they do. */
  scatter(change: Change, chance: Chance): void {
    if (change.kind === 'truncate' && chance(2) === 0) return
    if (change.kind !== 'write') {
      this.apply(change)
      return
    }
    const { offset, data } = change
    for (let at = 0; at < data.length; ) {
      const end = Math.min(data.length, at + SECTOR_BYTES - ((offset + at) % SECTOR_BYTES))
      const part = { kind: 'write', offset: offset + at, data: data.subarray(at, end) } as const
      if (chance(2) === 0) this.apply(part)
      at = end
    }
  }
}
