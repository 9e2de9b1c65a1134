/** Bodies up to this size are always read: what a message needs, whoever else is sending. */
const SMALL_BYTES = 16_384

/**
 * Bounds the memory for large bodies that are being read, of all requests together: signatures
 * are checked only when a body is whole, so that anyone could fill it.
 */
export class BodyBudget {
  #left: number

  /** Takes the bytes that all large bodies may have together. */
  constructor(bytesMax: number) {
    this.#left = bytesMax
  }

  /** Sets aside room for a body to grow from one size to another; false where there is none. */
  take(from: number, to: number): boolean {
    const bytes = countedOf(to) - countedOf(from)
    if (bytes > this.#left) return false
    this.#left -= bytes
    return true
  }

  /** Gives back the room of a body that had this size. */
  giveBack(size: number): void {
    this.#left += countedOf(size)
  }
}

/** Whether a body of so many bytes is a small one, which takes no room. */
export const isSmall = (size: number) => !(size > SMALL_BYTES)

const countedOf = (size: number) => (isSmall(size) ? 0 : size)
