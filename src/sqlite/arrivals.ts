import type { Database, Statement } from 'bun:sqlite'
import { fold } from '../fold.ts'
import { parseInstant } from '../instant.ts'
import type { Arrival, Message } from '../message.ts'
import { type Settled, settledOf } from './move.ts'

const COLUMNS = 'seq, message_id, sender, recipient, ts, instant, text, folded, received_at'

const MESSAGE = 'seq, message_id, sender AS "from", recipient AS "to", ts, text'

/** A message under its arrival number. */
export type Numbered = Message & { readonly seq: number }

/** The folded text to keep, or null where `lower(text)` in SQL, which folds ASCII, says it. */
export function foldedColumn(text: string | null): string | null {
  if (text === null) return null
  const folded = fold(text)
  const sqlLower = text.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase())
  return folded === sqlLower ? null : folded
}

/**
 * The messages that are acknowledged and not yet settled: their rows in the arrivals' file, and
 * their ids in memory, so that an id is known whether its message is settled or not.
 */
export class Arrivals {
  readonly #insert: Statement
  readonly #arrived: Statement<Numbered, [number]>
  readonly #stored: Statement<Numbered, [string]>
  readonly #delete: Statement
  readonly #seqs = new Map<string, number>()
  #lastSeq: number

  /** Takes a connection with arrivals in which all have been settled. */
  constructor(db: Database) {
    const places = COLUMNS.replaceAll(/\w+/g, '?')
    this.#insert = db.prepare(`INSERT INTO arrivals.messages (${COLUMNS}) VALUES (${places})`)
    this.#arrived = db.prepare(`SELECT ${MESSAGE} FROM arrivals.messages WHERE seq = ?`)
    this.#stored = db.prepare(`SELECT ${MESSAGE} FROM main.messages WHERE message_id = ?`)
    this.#delete = db.prepare('DELETE FROM arrivals.messages WHERE seq <= ?')
    this.#lastSeq = settledOf(db).seq
  }

  /** The number of the last message, settled or not. */
  get lastSeq(): number {
    return this.#lastSeq
  }

  /** The message with this id, also among `fresh`, which are not kept yet. */
  find(messageId: string, fresh: ReadonlyMap<string, number>): Numbered | undefined {
    const seq = fresh.get(messageId) ?? this.#seqs.get(messageId)
    const found = seq === undefined ? this.#stored.get(messageId) : this.#arrived.get(seq)
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

  /**
   * Deletes the rows that are settled, in the caller's transaction, and forgets their ids: the
   * stored messages have them, also when that transaction is undone.
   */
  forget(settled: Settled): void {
    this.#delete.run(settled.seq)
    for (const [messageId, seq] of this.#seqs) {
      if (seq > settled.seq) break
      this.#seqs.delete(messageId)
    }
  }
}
