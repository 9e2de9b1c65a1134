import type { Database, Statement } from 'bun:sqlite'
import { parseInstant } from '../instant.ts'
import type { Arrival, Message } from '../message.ts'
import { type Settled, settledOf } from './move.ts'

/** A message under its arrival number. */
export interface Numbered {
  readonly seq: number
  readonly message: Message
}

/** The new messages of one transaction by their ids, in the order of their seq. */
export type Fresh = Map<string, { readonly seq: number; readonly message: Arrival }>

/** A row of a commit. */
interface Commit {
  /** The number of the last of its messages. */
  readonly seq: number
  /** A JSON list of arrivals. */
  readonly messages: string
}

/**
 * The messages that are acknowledged and not yet settled: on disk one row for each commit, and in
 * memory by their ids, so that an id is known whether its message is settled or not.
 */
export class Arrivals {
  readonly #insert: Statement
  readonly #commitOf: Statement<Commit, [number]>
  readonly #stored: Statement<Message & { seq: number }, [string]>
  readonly #delete: Statement
  readonly #seqs = new Map<string, number>()
  #lastSeq: number

  /** Takes a connection with arrivals in which all have been settled. */
  constructor(db: Database) {
    this.#insert = db.prepare('INSERT INTO arrivals.commits (seq, messages) VALUES (?, ?)')
    this.#commitOf = db.prepare(
      'SELECT seq, messages FROM arrivals.commits WHERE seq >= ? ORDER BY seq LIMIT 1',
    )
    this.#stored = db.prepare(
      `SELECT seq, sender AS "from", recipient AS "to", ts, text
       FROM main.messages WHERE message_id = ?`,
    )
    this.#delete = db.prepare('DELETE FROM arrivals.commits WHERE seq <= ?')
    this.#lastSeq = settledOf(db).seq
  }

  /** The number of the last message, settled or not. */
  get lastSeq(): number {
    return this.#lastSeq
  }

  /** The message with this id, also among `fresh`, which are not kept yet. */
  find(messageId: string, fresh: Fresh): Numbered | undefined {
    const isFresh = fresh.get(messageId)
    if (isFresh !== undefined) return isFresh
    const seq = this.#seqs.get(messageId)
    if (seq !== undefined) return this.#arrived(seq)
    const row = this.#stored.get(messageId)
    return row === null ? undefined : { seq: row.seq, message: row }
  }

  /**
   * Adds a message whose id is new to `fresh`, under the next number. Returns that, or an Error
   * for one that could not be settled.
   */
  number(message: Arrival, fresh: Fresh): number | Error {
    if (parseInstant(message.ts) === undefined) return new Error(`no such time: ${message.ts}`)
    const seq = this.#lastSeq + fresh.size + 1
    fresh.set(message.message_id, { seq, message })
    return seq
  }

  /** Writes them as one row. Their ids count as known only after `keep`. Throws SQLiteError. */
  insert(fresh: Fresh): void {
    if (fresh.size === 0) return
    const messages = Array.from(fresh.values(), ({ message }) => message)
    this.#insert.run(this.#lastSeq + fresh.size, JSON.stringify(messages))
  }

  /** Takes note of messages whose row is committed. */
  keep(fresh: Fresh): void {
    for (const [messageId, { seq }] of fresh) this.#seqs.set(messageId, seq)
    this.#lastSeq += fresh.size
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

  #arrived(seq: number): Numbered {
    const commit = this.#commitOf.get(seq)
    const message: Message | undefined =
      commit === null ? undefined : JSON.parse(commit.messages).at(seq - commit.seq - 1)
    if (message === undefined) throw new Error(`the arrival with seq ${seq} is missing`)
    return { seq, message }
  }
}
