import type { Database, Statement } from 'bun:sqlite'
import { isBundle, type Unit } from '../bundle.ts'
import type { Arrival, Message } from '../message.ts'
import type { BundleReceipt, Receipt } from '../outcome.ts'
import { StoreUnavailable } from '../store.ts'
import { Arrivals, type Fresh, type Numbered } from './arrivals.ts'
import { openAppending } from './arrivals_file.ts'
import { Bundles } from './bundles.ts'
import { over } from './connection.ts'
import { speaking } from './fault.ts'
import { arrivalsPath } from './identity.ts'
import type { Settled } from './move.ts'
import { watchFiles } from './presence.ts'

/**
 * The half of the engine that a sender waits for: it writes arrivals and nothing else, so that
 * neither indexes nor counts nor a checkpoint of the database stand before an acknowledgement.
 */
export class Writer {
  readonly #db: Database
  readonly #inPlace: () => boolean
  readonly #arrivals: Arrivals
  readonly #bundles: Bundles
  readonly #touch: Statement
  readonly #noteForgotten: Statement

  /** Takes a connection with arrivals. */
  constructor(db: Database) {
    this.#db = db
    this.#inPlace = watchFiles(db.filename, arrivalsPath(db.filename))
    this.#arrivals = new Arrivals(db)
    this.#bundles = new Bundles(db)
    this.#touch = db.prepare('UPDATE arrivals.readiness SET checked = checked + 1')
    this.#noteForgotten = db.prepare('UPDATE arrivals.owner SET seq = ?, change = ?')
  }

  /**
   * Stores a batch in one transaction; see Store.append. A message that could not be settled
   * fails alone. The rows that are settled are deleted on the way. Throws StoreUnavailable with
   * nothing stored.
   */
  append(batch: readonly Unit[], settled?: Settled): (Receipt | BundleReceipt | Error)[] {
    const fresh: Fresh = new Map()
    const appendOne = (arrival: Arrival) => this.#appendOne(arrival, fresh)
    const answers = this.#transaction(() => {
      if (settled !== undefined) this.#forget(settled)
      const receipts = batch.map((each) =>
        isBundle(each) ? this.#bundles.append(each, appendOne) : appendOne(each),
      )
      this.#arrivals.insert(fresh)
      return receipts
    })
    this.#arrivals.keep(fresh)
    this.#refuseLostFile()
    return answers
  }

  /** The number of the last message, settled or not; 0 before the first. */
  lastSeq(): number {
    return this.#arrivals.lastSeq
  }

  /** Rewrites a row of the arrivals' file and syncs it; see Store.check. */
  check(): void {
    this.#transaction(() => this.#touch.run())
    this.#refuseLostFile()
  }

  /** Closes the connection. */
  close(): void {
    this.#db.close(true)
  }

  #forget(settled: Settled): void {
    this.#arrivals.forget(settled)
    this.#bundles.forget(settled)
    this.#noteForgotten.run(settled.seq, settled.change)
  }

  /**
   * BEGIN to COMMIT; on an error everything is undone and the store's error thrown. Deferred: an
   * immediate transaction would lock the database too, against who settles.
   */
  #transaction<T>(work: () => T): T {
    return speaking(() => this.#db.transaction(work).deferred())
  }

  /** What was committed into a file that has lost its name is not acknowledged. */
  #refuseLostFile(): void {
    if (this.#inPlace()) return
    throw new StoreUnavailable('database not ready', 'a file was deleted, moved, replaced or cut')
  }

  /** Takes one arrival; a new one is added to `fresh`, which has those of this transaction. */
  #appendOne(arrival: Arrival, fresh: Fresh): Receipt | Error {
    const { message_id: messageId } = arrival
    const stored = this.#arrivals.find(messageId, fresh)
    if (stored !== undefined) return duplicate(arrival, stored)
    const seq = this.#arrivals.number(arrival, fresh)
    if (seq instanceof Error) return seq
    return { result: 'created', messageId, seq, conflict: false }
  }
}

function duplicate(arrival: Arrival, { seq, message }: Numbered): Receipt {
  const { message_id: messageId } = arrival
  const conflict = FIELDS.some((name) => message[name] !== arrival[name])
  return { result: 'duplicate', messageId, seq, conflict }
}

const FIELDS = ['from', 'to', 'ts', 'text'] as const satisfies (keyof Message)[]

/** Opens the writer of a file that openWriting has made ready. Throws StoreUnavailable. */
export function openWriter(path: string): Writer {
  return over(openAppending(path), (db) => new Writer(db))
}
