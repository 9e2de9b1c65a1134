import type { Database } from 'bun:sqlite'
import { microseconds } from '../support/model.ts'

/** What the derived tables hold, or should; keys and counts as text, ordered by key. */
interface DerivedCounts {
  readonly senders: readonly string[]
  readonly recipients: readonly string[]
  readonly days: readonly string[]
  readonly hours: readonly string[]
  readonly top_senders: readonly string[]
  /** The last seq that is counted, and the number of senders. */
  readonly derived: string
}

const HOUR = 3_600_000_000n

type Message = { seq: number; sender: string; recipient: string; ts: string }

/** The derived tables as they are. */
export function storedCounts(db: Database): DerivedCounts {
  const lines = (table: string, key: string) => {
    const sql = `SELECT ${key} || ': ' || count AS line FROM ${table} ORDER BY line`
    const rows = db.query<{ line: string }, []>(sql).all()
    return rows.map(({ line }) => line)
  }
  const sql = `SELECT senders || ' senders through ' || through FROM derived`
  return {
    senders: lines('senders', 'number'),
    recipients: lines('recipients', 'number'),
    days: lines('days', 'start'),
    hours: lines('hours', 'start'),
    top_senders: lines('top_senders', 'number'),
    derived: db.query(sql).values().join(),
  }
}

function countBy(messages: readonly Message[], key: (message: Message) => unknown) {
  const counts = new Map<string, number>()
  for (const message of messages) {
    counts.set(String(key(message)), (counts.get(String(key(message))) ?? 0) + 1)
  }
  return counts
}

const lined = (counts: Iterable<[string, number]>) =>
  [...counts].map(([key, count]) => `${key}: ${count}`).sort()

/** Number of the span of so many microseconds that holds an instant; 1970 begins number 0. */
function spanOf(ts: string, width: bigint): bigint {
  const instant = microseconds(ts)
  return (instant - (((instant % width) + width) % width)) / width
}

/** What the derived tables must be, by looking at every message. */
export function recount(db: Database): DerivedCounts {
  const messages = db.query<Message, []>('SELECT seq, sender, recipient, ts FROM messages').all()
  const senders = countBy(messages, ({ sender }) => sender)
  const byRank = ([a, n]: [string, number], [b, m]: [string, number]) => m - n || (a < b ? -1 : 1)
  return {
    senders: lined(senders),
    recipients: lined(countBy(messages, ({ recipient }) => recipient)),
    days: lined(countBy(messages, ({ ts }) => spanOf(ts, 24n * HOUR))),
    hours: lined(countBy(messages, ({ ts }) => spanOf(ts, HOUR))),
    top_senders: lined([...senders].sort(byRank).slice(0, 10)),
    derived: `${senders.size} senders through ${messages.length}`,
  }
}
