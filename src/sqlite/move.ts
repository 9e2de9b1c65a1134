import type { Database } from 'bun:sqlite'
import { fold } from '../fold.ts'
import { parseInstant } from '../instant.ts'
import type { Arrival } from '../message.ts'

/** How far the arrivals are settled: all up to this seq and change are among the stored rows. */
export interface Settled {
  /** The last message that is stored. */
  readonly seq: number
  /** The last status or notification that is stored. */
  readonly change: number
}

const MESSAGE = 'seq, message_id, sender, recipient, ts, instant, text, folded, received_at'
const DETAILS = 'seq, type, profile_name, reply_to, media_ids, phone_number_id, raw'
const STATUS = 'message_id, sender, recipient, status, ts, instant, history, received_at'
const KEPT = 'kind, label, account, raw, digest, received_at'

const NEWER_STATUS = STATUS.split(', ').map((column) => `${column} = excluded.${column}`)

/** The rows after a change, in its order. */
const BY_CHANGE = [
  `INSERT INTO statuses (${STATUS})
   SELECT ${STATUS} FROM arrivals.statuses WHERE change > ? ORDER BY change
   ON CONFLICT (message_id) DO UPDATE SET ${NEWER_STATUS.join(', ')}`,
  `INSERT INTO kept (${KEPT}, copies)
   SELECT ${KEPT}, 1 FROM arrivals.kept WHERE change > ? ORDER BY change
   ON CONFLICT (digest) DO UPDATE SET copies = copies + 1`,
]

const placesFor = (columns: string) => columns.replaceAll(/\w+/g, '?')

/** The folded text to keep, or null where `lower(text)` in SQL, which folds ASCII, says it. */
export function foldedColumn(text: string | null): string | null {
  if (text === null) return null
  const folded = fold(text)
  const sqlLower = text.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase())
  return folded === sqlLower ? null : folded
}

/** Stores the messages of the commits after a seq. */
function moveMessages(db: Database, after: number): void {
  const commits = db.query<{ seq: number; messages: string }, [number]>(
    'SELECT seq, messages FROM arrivals.commits WHERE seq > ? ORDER BY seq',
  )
  const insert = db.query(`INSERT INTO messages (${MESSAGE}) VALUES (${placesFor(MESSAGE)})`)
  const insertDetails = db.query(
    `INSERT INTO whatsapp_messages (${DETAILS}) VALUES (${placesFor(DETAILS)})`,
  )
  const moveOne = (seq: number, { message_id, from, to, ts, text, ...rest }: Arrival) => {
    const instant = parseInstant(ts) ?? null
    insert.run(seq, message_id, from, to, ts, instant, text, foldedColumn(text), rest.receivedAt)
    if (rest.whatsapp === undefined) return
    const { type, profile_name, reply_to, media_ids, phone_number_id, raw } = rest.whatsapp
    const media = JSON.stringify(media_ids)
    insertDetails.run(seq, type, profile_name, reply_to, media, phone_number_id, raw)
  }
  for (const { seq: last, messages } of commits.iterate(after)) {
    const arrivals: Arrival[] = JSON.parse(messages)
    const first = last - arrivals.length + 1
    for (const [index, arrival] of arrivals.entries()) moveOne(first + index, arrival)
  }
}

/** Where the settled rows of a database end. */
export function settledOf(db: Database): Settled {
  const sql = 'SELECT change, (SELECT max(seq) FROM messages) AS seq FROM settled'
  const row = db.query<{ change: number; seq: number | null }, []>(sql).get()
  if (row === null) throw new Error('the row of settled is missing')
  return { seq: row.seq ?? 0, change: row.change }
}

/** Where the arrivals end. */
function arrivedOf(db: Database): Settled {
  const sql = `SELECT
    coalesce((SELECT max(seq) FROM arrivals.commits), 0) AS seq,
    max(coalesce((SELECT max(change) FROM arrivals.statuses), 0),
        coalesce((SELECT max(change) FROM arrivals.kept), 0)) AS change`
  return db.query<Settled, []>(sql).get() ?? { seq: 0, change: 0 }
}

/**
 * Copies what has arrived and is not settled yet to the stored rows, inside the caller's
 * transaction. What is settled already is passed over, so that it may stay among the arrivals
 * for a while, and a move that a crash kept from being noted is no second one.
 */
export function moveArrivals(db: Database): void {
  const [settled, arrived] = [settledOf(db), arrivedOf(db)]
  if (arrived.seq > settled.seq) moveMessages(db, settled.seq)
  if (arrived.change > settled.change) {
    for (const sql of BY_CHANGE) db.query(sql).run(settled.change)
    db.query('UPDATE settled SET change = ?').run(arrived.change)
  }
}
