import type { Database, Statement } from 'bun:sqlite'
import type { Bundle } from '../bundle.ts'
import { parseInstant } from '../instant.ts'
import type { KeptArrival } from '../kept.ts'
import type { Arrival } from '../message.ts'
import type { BundleReceipt, Receipt } from '../outcome.ts'
import { addStep, type StatusArrival, type StatusEvent } from '../status.ts'
import { type Settled, settledOf } from './move.ts'

/** Takes one message into the caller's transaction; see Writer. */
type AppendOne = (arrival: Arrival) => Receipt | Error

type History = Statement<{ history: string }, [string]>

/** Stores bundles among the arrivals. Every method runs inside the caller's transaction. */
export class Bundles {
  readonly #arrivedHistory: History
  readonly #storedHistory: History
  readonly #setStatus: Statement
  readonly #isKept: Statement<unknown, [Uint8Array]>
  readonly #keep: Statement
  readonly #deletes: readonly Statement[]
  /** The number of the last status or notification. */
  #change: number

  /** Takes a connection with arrivals in which all have been settled. */
  constructor(db: Database) {
    const history = 'SELECT history FROM arrivals.statuses WHERE message_id = ?'
    this.#arrivedHistory = db.prepare(history)
    this.#storedHistory = db.prepare(history.replace('arrivals', 'main'))
    this.#setStatus = db.prepare(
      `INSERT OR REPLACE INTO arrivals.statuses
         (change, message_id, sender, recipient, status, ts, instant, history, received_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#isKept = db.prepare(
      `SELECT 1 FROM main.kept WHERE digest = ?1
       UNION ALL SELECT 1 FROM arrivals.kept WHERE digest = ?1`,
    )
    this.#keep = db.prepare(
      `INSERT INTO arrivals.kept (change, kind, label, account, raw, digest, received_at)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#deletes = ['statuses', 'kept'].map((table) =>
      db.prepare(`DELETE FROM arrivals.${table} WHERE change <= ?`),
    )
    this.#change = settledOf(db).change
  }

  /** Deletes the rows that are settled. */
  forget(settled: Settled): void {
    for (const statement of this.#deletes) statement.run(settled.change)
  }

  /** Stores all of a bundle; a message that the store does not take is set aside. */
  append(bundle: Bundle, appendOne: AppendOne): BundleReceipt {
    const items = { message: 0, duplicate: 0, status: 0, notification: 0, quarantine: 0 }
    const isNew: boolean[] = []
    let conflict = false
    let lastSeq = 0
    let news = 0
    for (const message of bundle.messages) {
      const answer = appendOne(message)
      const created = !(answer instanceof Error) && answer.result === 'created'
      isNew.push(created)
      if (answer instanceof Error) {
        news += this.#addKept(setAside(message, answer))
        items.quarantine += 1
      } else {
        news += created ? 1 : 0
        items[created ? 'message' : 'duplicate'] += 1
        conflict ||= answer.conflict
        lastSeq = Math.max(lastSeq, answer.seq)
      }
    }
    for (const status of bundle.statuses) news += this.#addStatus(status)
    for (const each of bundle.kept) {
      news += this.#addKept(each)
      items[each.kind] += 1
    }
    items.status = bundle.statuses.length
    return { result: news > 0 ? 'created' : 'duplicate', conflict, isNew, lastSeq, items }
  }

  /** Returns 1 where the step was new, else 0. */
  #addStatus({ message_id, receivedAt, ...event }: StatusArrival): 0 | 1 {
    const before = this.#arrivedHistory.get(message_id) ?? this.#storedHistory.get(message_id)
    const known: StatusEvent[] = before === null ? [] : JSON.parse(before.history)
    const history = addStep(known, event)
    const furthest = history?.at(-1)
    if (furthest === undefined) return 0
    const { sender, recipient, status, ts } = furthest
    const instant = parseInstant(ts) ?? null
    const steps = JSON.stringify(history)
    const row = [message_id, sender, recipient, status, ts, instant, steps, receivedAt]
    this.#setStatus.run(this.#nextChange(), ...row)
    return 1
  }

  /** Returns 1 for the first copy, else 0. */
  #addKept({ kind, label, account, raw, receivedAt }: KeptArrival): 0 | 1 {
    const identity = JSON.stringify([kind, label, account, raw])
    const digest = new Bun.CryptoHasher('sha256').update(identity).digest()
    const isNew = this.#isKept.get(digest) === null
    this.#keep.run(this.#nextChange(), kind, label, account, raw, digest, receivedAt)
    return isNew ? 1 : 0
  }

  /** A transaction that is undone leaves its numbers unused. */
  #nextChange(): number {
    this.#change += 1
    return this.#change
  }
}

function setAside({ whatsapp, receivedAt }: Arrival, error: Error): KeptArrival {
  const label = `the store does not take it: ${error.message}`
  return { kind: 'quarantine', label, account: null, raw: whatsapp?.raw ?? 'null', receivedAt }
}
