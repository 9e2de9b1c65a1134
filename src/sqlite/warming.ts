import type { Database, SQLQueryBindings } from 'bun:sqlite'
import { fstatSync, readdirSync, readlinkSync, readSync } from 'node:fs'
import { freemem } from 'node:os'
import { searchPath } from './search_file.ts'

/** Entries of an index that are passed over in one step: some 60 pages. */
const STEP_ENTRIES = 5000

/** Bytes of a file that one step reads. */
const STEP_BYTES = 1_048_576

/** A link for each file that this process has open, on Linux. */
const OPEN_FILES = '/proc/self/fd'

/** Files are read whole where they take no more than this part of the memory that is free. */
const MEMORY_PART = 0.5

/** The key of an index's entry, as bindings. */
type Key = SQLQueryBindings[]

/** Before the first entry of each index, and how to find the one so many entries on. */
const INDEXES: readonly { start: Key; next: string }[] = [
  {
    start: [''],
    next: 'SELECT message_id FROM messages WHERE message_id > ? ORDER BY message_id',
  },
  {
    // As digits: an instant may not fit a double. Rows of one sender and one instant are skipped.
    start: ['', '0'],
    next: `SELECT sender, CAST(instant AS TEXT) FROM messages WHERE (sender, instant) > (?, ?)
      ORDER BY sender, messages.instant`,
  },
]

/** The bytes that the machine or the container has for the page cache. */
const freeBytes = () => Math.min(freemem(), process.constrainedMemory() || freemem())

/**
 * The number under which this process has a file open already; undefined where the system does not
 * say. It is not opened once more: to close it would take all of SQLite's locks on it from this
 * process (https://sqlite.org/howtocorrupt.html, 2.2).
 */
function openNumberOf(path: string): number | undefined {
  try {
    const numbers = readdirSync(OPEN_FILES)
    return numbers.map(Number).find((number) => nameOf(number) === path)
  } catch {
    return undefined
  }
}

function nameOf(number: number): string | undefined {
  try {
    return readlinkSync(`${OPEN_FILES}/${number}`)
  } catch {
    // One that was closed meanwhile, as the listing of the folder itself.
    return undefined
  }
}

/** A file that is read once from end to end. */
class Reading {
  readonly bytes: number
  readonly #number: number
  readonly #room = new Uint8Array(STEP_BYTES)
  #at = 0

  constructor(number: number) {
    this.#number = number
    this.bytes = fstatSync(number).size
  }

  /** Reads on a little. Returns whether there may be more. */
  step(): boolean {
    const read = readSync(this.#number, this.#room, 0, STEP_BYTES, this.#at)
    this.#at += read
    return read === STEP_BYTES
  }
}

/**
 * Reads once what questions and new messages touch at random places, since a service that has just
 * started on a machine whose page cache does not have it would else wait for the disk each time.
 * Both files from end to end, where the memory can hold them; else the indexes on ids and senders,
 * which each new message needs: without them a service takes a third of what it can.
 */
export class Warming {
  readonly #db: Database
  #files: Reading[] | undefined
  readonly #memoryBytes: number
  #index = 0
  #key: Key | undefined

  /** Takes a connection to the database, and how much memory the page cache may use. */
  constructor(db: Database, memoryBytes = freeBytes() * MEMORY_PART) {
    this.#db = db
    this.#memoryBytes = memoryBytes
  }

  /** Reads on a little. Returns whether there is more. */
  step(): boolean {
    this.#files ??= this.#open()
    const [file] = this.#files
    if (file === undefined) return this.#stepIndex()
    if (file.step()) return true
    this.#files.shift()
    if (this.#files.length > 0) return true
    this.#index = INDEXES.length
    return false
  }

  /** The files, or none where they are too large, in memory anyway, or not to be found. */
  #open(): Reading[] {
    const { filename } = this.#db
    const numbers = [filename, searchPath(filename)].map(openNumberOf)
    if (!numbers.every((number) => number !== undefined)) return []
    const files = numbers.map((number) => new Reading(number))
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
    return bytes <= this.#memoryBytes ? files : []
  }

  #stepIndex(): boolean {
    const index = INDEXES[this.#index]
    if (index === undefined) return false
    const sql = `${index.next} LIMIT 1 OFFSET ${STEP_ENTRIES - 1}`
    const key = this.#db.query(sql).values(...(this.#key ?? index.start))[0] as Key | undefined
    this.#key = key
    if (key === undefined) this.#index += 1
    return this.#index < INDEXES.length
  }
}
