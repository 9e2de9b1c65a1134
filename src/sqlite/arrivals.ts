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
  readonly #commitOf: Statement<Pick<Commit, 'seq'>, [number]>
  readonly #messagesOf: Statement<Pick<Commit, 'messages'>, [number]>
  readonly #stored: Statement<Message & { seq: number }, [string]>
  readonly #delete: Statement
  readonly #seqs = new Map<string, number>()
  /** By the seq of their row, the lists that were read since the last commit. */
  readonly #lists = new Map<number, readonly Message[]>()
  #lastSeq: number

  /** Takes a connection with arrivals in which all have been settled. */
  constructor(db: Database) {
    this.#insert = db.prepare('INSERT INTO arrivals.commits (seq, messages) VALUES (?, ?)')
    this.#commitOf = db.prepare(
      'SELECT seq FROM arrivals.commits WHERE seq >= ? ORDER BY seq LIMIT 1',
    )
    this.#messagesOf = db.prepare('SELECT messages FROM arrivals.commits WHERE seq = ?')
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
    const fault = faultOf(message)
    if (fault !== undefined) return new Error(fault)
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
    this.#lists.clear()
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
    const last = this.#commitOf.get(seq)?.seq ?? 0
    const message = this.#listOf(last).at(seq - last - 1)
    if (message === undefined) throw new Error(`the arrival with seq ${seq} is missing`)
    return { seq, message }
  }

  /** The list of a row. Copies come together: each list is read once for all in one commit. */
  #listOf(last: number): readonly Message[] {
    const known = this.#lists.get(last)
    if (known !== undefined) return known
    const all: Message[] = JSON.parse(this.#messagesOf.get(last)?.messages ?? '[]')
    // Without what WhatsApp adds, which is long and not compared.
    const list = all.map(({ message_id, from, to, ts, text }) => {
      return { message_id, from, to, ts, text }
    })
    this.#lists.set(last, list)
    return list
  }
}

const isText = (value: unknown) => typeof value === 'string' && value.isWellFormed()

/**
 * What the database would not take when the message is settled, and all others with it; undefined
 * for one that it takes.
 */
function faultOf({ message_id, from, to, ts, receivedAt }: Arrival): string | undefined {
  if (parseInstant(ts) === undefined) return `no such time: ${ts}`
  if (!Number.isSafeInteger(receivedAt)) return `no such time of receipt: ${receivedAt}`
  if (!isText(message_id) || !isText(from) || !isText(to)) return 'an id or a party is no text'
  return undefined
}
