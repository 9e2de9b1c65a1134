import type { Database, SQLQueryBindings } from 'bun:sqlite'

/** Entries of an index that are passed over in one step: some 60 pages. */
const STEP_ENTRIES = 5000

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

/**
 * Reads the indexes that each new message touches at a random place, those on ids and senders,
 * once from end to end. A service that has just started on a machine whose page cache does not
 * have them would else wait for the disk twice for each message, and take a third of what it can.
 */
export class Warming {
  readonly #db: Database
  #index = 0
  #key: Key | undefined

  /** Takes any connection to the database. */
  constructor(db: Database) {
    this.#db = db
  }

  /** Reads on a little. Returns whether there is more. */
  step(): boolean {
    const index = INDEXES[this.#index]
    if (index === undefined) return false
    const sql = `${index.next} LIMIT 1 OFFSET ${STEP_ENTRIES - 1}`
    const key = this.#db.query(sql).values(...(this.#key ?? index.start))[0] as Key | undefined
    this.#key = key
    if (key === undefined) this.#index += 1
    return this.#index < INDEXES.length
  }
}
