import { Database } from 'bun:sqlite'
import { type Chance, pick } from '../chance.ts'
import { recipientOf } from './messages.ts'
import type { Needles } from './needles.ts'

/** Messages whose parameters the requests are made of. */
const SAMPLES = 500

interface Sample {
  readonly id: string
  readonly sender: string
  readonly ts: string
}

/** Random parameters for one store. */
export interface Draw {
  readonly id: () => string
  readonly from: () => string
  readonly to: () => string
  /** One of the ten busiest senders. */
  readonly busiest: () => string
  readonly instant: () => string
  readonly needle: (sort: keyof Needles) => string
  /** Rows that a random page begins at, among all. */
  readonly offset: () => number
  /** Messages in the store. */
  readonly count: number
}

const encode = encodeURIComponent

function samplesOf(db: Database, count: number, chance: Chance): Sample[] {
  const row = db.query<Sample, [number]>(
    'SELECT message_id AS id, sender, ts FROM messages WHERE seq = ?',
  )
  return Array.from({ length: SAMPLES }, () => row.get(1 + chance(count))).filter(
    (sample) => sample !== null,
  )
}

/** Draws from the messages of a store that no server has open. Every text is ready for a URL. */
export function openDraw(path: string, needles: Needles, chance: Chance): Draw {
  using db = new Database(path, { readonly: true })
  const sql = 'SELECT max(seq) AS n FROM messages'
  const count = db.query<{ n: number }, []>(sql).get()?.n ?? 0
  const samples = samplesOf(db, count, chance)
  const busiest = db
    .query<{ number: string }, []>('SELECT number FROM top_senders')
    .all()
    .map(({ number }) => number)
  return {
    count,
    id: () => encode(pick(samples, chance).id),
    from: () => encode(pick(samples, chance).sender),
    to: () => encode(recipientOf(chance(20))),
    busiest: () => encode(pick(busiest, chance)),
    instant: () => encode(pick(samples, chance).ts),
    needle: (sort) => encode(pick(needles[sort], chance)),
    offset: () => chance(Math.max(1, count - 100)),
  }
}
