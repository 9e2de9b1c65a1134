import type { Database, Statement } from 'bun:sqlite'
import { STATS_SENDERS_MAX } from '../busiest.ts'
import { parseInstant } from '../instant.ts'
import type { Progress } from '../upkeep.ts'
import { bucketOf } from './bucket.ts'

/** What the derived tables need to know of a message. */
export interface Counted {
  readonly sender: string
  readonly recipient: string
  /** Microseconds since the Unix epoch. */
  readonly instant: bigint
}

type Uncounted = { seq: number; sender: string; recipient: string; ts: string }

/** The instant is read from ts: SQLite's integer would be rounded to a double on its way here. */
const counted = ({ sender, recipient, ts }: Uncounted): Counted => ({
  sender,
  recipient,
  instant: parseInstant(ts) ?? 0n,
})

/** Rows that catching up counts in one transaction: some tens of milliseconds. */
const CATCH_UP_ROWS = 20_000

function increment<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

const upsert = (table: string, key: string) =>
  `INSERT INTO ${table} (${key}, count) VALUES (?1, ?2)
   ON CONFLICT (${key}) DO UPDATE SET count = count + ?2 RETURNING count`

type Upsert = Statement<{ count: number }, [string | bigint, number]>
type Ranked = { number: string; count: number }

/** Whether a sender comes before another in /stats: by count descending, then by number. */
const before = (a: Ranked, b: Ranked) =>
  a.count === b.count ? a.number < b.number : a.count > b.count

/** Keeps the counts beside the messages. Every method runs inside the caller's transaction. */
export class Derived {
  readonly #db: Database
  readonly #senders: Upsert
  readonly #recipients: Upsert
  readonly #days: Upsert
  readonly #hours: Upsert
  readonly #top: Statement<Ranked, []>
  readonly #advance: Statement

  /** Takes an open database with the schema of 0002. */
  constructor(db: Database) {
    this.#db = db
    this.#senders = db.prepare(upsert('senders', 'number'))
    this.#recipients = db.prepare(upsert('recipients', 'number'))
    this.#days = db.prepare(upsert('days', 'start'))
    this.#hours = db.prepare(upsert('hours', 'start'))
    this.#top = db.prepare('SELECT number, count FROM top_senders')
    this.#advance = db.prepare('UPDATE derived SET through = ?, senders = senders + ?')
  }

  /** Counts new messages, the last of which has this seq. */
  add(rows: readonly Counted[], through: number): void {
    if (rows.length === 0) return
    const senders = new Map<string, number>()
    const recipients = new Map<string, number>()
    const hours = new Map<bigint, number>()
    const days = new Map<bigint, number>()
    for (const { sender, recipient, instant } of rows) {
      increment(senders, sender)
      increment(recipients, recipient)
      increment(hours, bucketOf(instant, 'hours'))
      increment(days, bucketOf(instant, 'days'))
    }
    for (const [number, count] of recipients) this.#recipients.get(number, count)
    for (const [start, count] of hours) this.#hours.get(start, count)
    for (const [start, count] of days) this.#days.get(start, count)
    this.#advance.run(through, this.#addSenders(senders))
  }

  /** Returns how many of the senders are new. */
  #addSenders(senders: ReadonlyMap<string, number>): number {
    const top = this.#top.all()
    let fresh = 0
    let changed = false
    for (const [number, added] of senders) {
      const count = this.#senders.get(number, added)?.count ?? 0
      if (count === added) fresh += 1
      changed = rank(top, { number, count }) || changed
    }
    if (changed) this.#writeTop(top)
    return fresh
  }

  #writeTop(top: readonly Ranked[]): void {
    this.#db.run('DELETE FROM top_senders')
    const insert = this.#db.query('INSERT INTO top_senders (number, count) VALUES (?, ?)')
    for (const { number, count } of top) insert.run(number, count)
  }

  /**
   * Counts what is not counted yet: after a migration, or a rebuild that was cut short. Each step
   * is a transaction of its own, so that a crash costs one step.
   */
  catchUp(progress: Progress): void {
    const { total } = this.#one<{ total: number }>('SELECT max(seq) AS total FROM messages')
    const next = this.#db.query<Uncounted, [number, number]>(
      'SELECT seq, sender, recipient, ts FROM messages WHERE seq > ? ORDER BY seq LIMIT ?',
    )
    for (;;) {
      const { through } = this.#one<{ through: number }>('SELECT through FROM derived')
      if (through >= (total ?? 0)) return
      this.#db
        .transaction(() => {
          const rows = next.all(through, CATCH_UP_ROWS)
          this.add(rows.map(counted), rows.at(-1)?.seq ?? total)
        })
        .immediate()
      progress(Math.min(through + CATCH_UP_ROWS, total), total)
    }
  }

  /** Forgets all counts; catchUp makes them again. */
  clear(): void {
    for (const table of ['senders', 'recipients', 'days', 'hours', 'top_senders']) {
      this.#db.run(`DELETE FROM ${table}`)
    }
    this.#db.run('INSERT OR REPLACE INTO derived (id, through, senders) VALUES (1, 0, 0)')
  }

  #one<T>(sql: string): T {
    const row = this.#db.query<T, []>(sql).get()
    if (row === null) throw new Error('the derived tables are not there')
    return row
  }
}

/**
 * Puts a sender with its new count among the first ones, in place. Returns whether they changed.
 */
function rank(top: Ranked[], sender: Ranked): boolean {
  const known = top.find(({ number }) => number === sender.number)
  if (known !== undefined) {
    known.count = sender.count
    return true
  }
  if (top.length < STATS_SENDERS_MAX) return top.push(sender) > 0
  const last = top.reduce((a, b) => (before(a, b) ? b : a))
  if (!before(sender, last)) return false
  top[top.indexOf(last)] = sender
  return true
}
