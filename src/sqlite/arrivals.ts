import type { Database, Statement } from 'bun:sqlite'
import { fold } from '../fold.ts'
import { parseInstant } from '../instant.ts'
import type { Arrival, Message } from '../message.ts'

const COLUMNS = 'seq, message_id, sender, recipient, ts, instant, text, folded, received_at'

const MESSAGE = 'seq, message_id, sender AS "from", recipient AS "to", ts, text'

/** A message under its arrival number. */
export type Numbered = Message & { readonly seq: number }

/** Moves all arrivals to the indexed messages, inside the caller's transaction. */
export function moveArrivals(db: Database): void {
  db.query(`INSERT INTO messages (${COLUMNS}) SELECT ${COLUMNS} FROM arrivals ORDER BY seq`).run()
  db.query('DELETE FROM arrivals').run()
}

/** The folded text to keep, or null where `lower(text)` in SQL, which folds ASCII, says it. */
export function foldedColumn(text: string | null): string | null {
  if (text === null) return null
  const folded = fold(text)
  const sqlLower = text.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase())
  return folded === sqlLower ? null : folded
}

/**
 * The messages that are acknowledged and not yet indexed: their rows in the database, and their
 * ids in memory, so that an id is known whether its message is indexed or not.
 */
export class Arrivals {
  readonly #insert: Statement
  readonly #arrived: Statement<Numbered, [number]>
  readonly #indexed: Statement<Numbered, [string]>
  readonly #seqs = new Map<string, number>()
  #lastSeq: number

  /** Takes an open database in which all arrivals have been moved. */
  constructor(db: Database) {
    const places = COLUMNS.replaceAll(/\w+/g, '?')
    this.#insert = db.prepare(`INSERT INTO arrivals (${COLUMNS}) VALUES (${places})`)
    this.#arrived = db.prepare(`SELECT ${MESSAGE} FROM arrivals WHERE seq = ?`)
    this.#indexed = db.prepare(`SELECT ${MESSAGE} FROM messages WHERE message_id = ?`)
    const last = db.query<{ seq: number | null }, []>('SELECT max(seq) AS seq FROM messages').get()
    this.#lastSeq = last?.seq ?? 0
  }

  /** How many there are. */
  get count(): number {
    return this.#seqs.size
  }

  /** The number of the last message, indexed or not. */
  get lastSeq(): number {
    return this.#lastSeq
  }

  /** The message with this id, also among `fresh`, which are not kept yet. */
  find(messageId: string, fresh: ReadonlyMap<string, number>): Numbered | undefined {
    const seq = fresh.get(messageId) ?? this.#seqs.get(messageId)
    const found = seq === undefined ? this.#indexed.get(messageId) : this.#arrived.get(seq)
    return found ?? undefined
  }

  /** Writes one row. Its id counts as known only after `keep`. Throws SQLiteError. */
  insert(seq: number, arrival: Arrival): void {
    const { message_id, from, to, ts, text, receivedAt } = arrival
    const instant = parseInstant(ts) ?? null
    this.#insert.run(seq, message_id, from, to, ts, instant, text, foldedColumn(text), receivedAt)
  }

  /** Takes note of the ids of rows that are committed, in the order of their seq. */
  keep(seqs: ReadonlyMap<string, number>): void {
    for (const [messageId, seq] of seqs) this.#seqs.set(messageId, seq)
    this.#lastSeq += seqs.size
  }

  /** Forgets the ids, once the rows have been moved. */
  clear(): void {
    this.#seqs.clear()
  }
}
