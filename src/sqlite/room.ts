import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { StoreUnavailable } from '../store.ts'

/** How often the disk is asked what is free, in milliseconds; a batch asks nothing. */
const LOOK_MILLISECONDS = 1000

/** How much of a disk must stay free. */
interface RoomOptions {
  readonly freeBytesMin: number
  /** Calls `tick` at that interval of milliseconds until the returned function is called. */
  readonly every: (milliseconds: number, tick: () => void) => () => void
}

/**
 * Watches the free space of the disk that holds a file. Below the floor new messages are refused
 * while there is still room to work in: to settle what is acknowledged, and to copy the WAL into
 * the database, without which a full disk could not be left in order.
 */
export class Room {
  readonly #folder: string
  readonly #freeBytesMin: number
  readonly #stop: () => void
  #freeBytes = Number.POSITIVE_INFINITY

  /** Takes the path of a file whose folder is there, and looks at once. */
  constructor(path: string, { freeBytesMin, every }: RoomOptions) {
    this.#folder = dirname(path)
    this.#freeBytesMin = freeBytesMin
    void this.look()
    this.#stop = every(LOOK_MILLISECONDS, () => void this.look())
  }

  /** Asks the disk what is free. Never rejects. */
  async look(): Promise<void> {
    try {
      const { bavail, bsize } = await statfs(this.#folder)
      // What a process that is not root may still write.
      this.#freeBytes = bavail * bsize
    } catch {
      // Without its folder the database says itself that it cannot be written.
      this.#freeBytes = Number.POSITIVE_INFINITY
    }
  }

  /** To be called before each batch. Throws StoreUnavailable while there is too little room. */
  demand(): void {
    const [free, min] = [this.#freeBytes, this.#freeBytesMin]
    if (free >= min) return
    throw new StoreUnavailable('storage full', `${free} bytes are free, fewer than ${min}`)
  }

  /** Looks no more. */
  close(): void {
    this.#stop()
  }
}
