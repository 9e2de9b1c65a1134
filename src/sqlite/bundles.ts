import type { Database, Statement } from 'bun:sqlite'
import type { Bundle } from '../bundle.ts'
import { parseInstant } from '../instant.ts'
import type { KeptArrival } from '../kept.ts'
import type { Arrival } from '../message.ts'
import type { BundleReceipt, Receipt } from '../outcome.ts'
import { addStep, type StatusArrival, type StatusEvent } from '../status.ts'

/** Stores one message in the caller's transaction; see Writer. */
type AppendOne = (arrival: Arrival) => Receipt | Error

/** Stores bundles. Every method runs inside the caller's transaction. */
export class Bundles {
  readonly #details: Statement
  readonly #history: Statement<{ history: string }, [string]>
  readonly #setStatus: Statement
  readonly #keep: Statement<{ copies: number }>

  /** Takes an open database with the schema of 0004. */
  constructor(db: Database) {
    this.#details = db.prepare(
      `INSERT INTO whatsapp_messages
         (seq, type, profile_name, reply_to, media_ids, phone_number_id, raw)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#history = db.prepare('SELECT history FROM statuses WHERE message_id = ?')
    this.#setStatus = db.prepare(
      `INSERT INTO statuses
         (message_id, sender, recipient, status, ts, instant, history, received_at)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
       ON CONFLICT (message_id) DO UPDATE SET sender = ?2, recipient = ?3, status = ?4, ts = ?5,
         instant = ?6, history = ?7, received_at = ?8`,
    )
    this.#keep = db.prepare(
      `INSERT INTO kept (kind, label, account, raw, digest, copies, received_at)
       VALUES (?, ?, ?, ?, ?, 1, ?)
       ON CONFLICT (digest) DO UPDATE SET copies = copies + 1 RETURNING copies`,
    )
  }

  /** Stores all of a bundle; a message that the schema does not take is set aside. */
  append(bundle: Bundle, appendOne: AppendOne): BundleReceipt {
    const items = { message: 0, duplicate: 0, status: 0, notification: 0, quarantine: 0 }
    const isNew: boolean[] = []
    let conflict = false
    let news = 0
    for (const message of bundle.messages) {
      const answer = appendOne(message)
      const created = !(answer instanceof Error) && answer.result === 'created'
      isNew.push(created)
      if (answer instanceof Error) {
        news += this.#addKept(setAside(message, answer))
        items.quarantine += 1
      } else {
        if (created) this.#addDetails(answer.seq, message)
        news += created ? 1 : 0
        items[created ? 'message' : 'duplicate'] += 1
        conflict ||= answer.conflict
      }
    }
    for (const status of bundle.statuses) news += this.#addStatus(status)
    for (const each of bundle.kept) {
      news += this.#addKept(each)
      items[each.kind] += 1
    }
    items.status = bundle.statuses.length
    return { result: news > 0 ? 'created' : 'duplicate', conflict, isNew, items }
  }

  #addDetails(seq: number, { whatsapp }: Arrival): void {
    if (whatsapp === undefined) return
    const { type, profile_name, reply_to, media_ids, phone_number_id, raw } = whatsapp
    const media = JSON.stringify(media_ids)
    this.#details.run(seq, type, profile_name, reply_to, media, phone_number_id, raw)
  }

  /** Returns 1 where the step was new, else 0. */
  #addStatus({ message_id, receivedAt, ...event }: StatusArrival): 0 | 1 {
    const stored = this.#history.get(message_id)
    const known: StatusEvent[] = stored === null ? [] : JSON.parse(stored.history)
    const history = addStep(known, event)
    const furthest = history?.at(-1)
    if (furthest === undefined) return 0
    const { sender, recipient, status, ts } = furthest
    const instant = parseInstant(ts) ?? null
    const steps = JSON.stringify(history)
    this.#setStatus.run(message_id, sender, recipient, status, ts, instant, steps, receivedAt)
    return 1
  }

  /** Returns 1 for the first copy, else 0. */
  #addKept({ kind, label, account, raw, receivedAt }: KeptArrival): 0 | 1 {
    const identity = JSON.stringify([kind, label, account, raw])
    const digest = new Bun.CryptoHasher('sha256').update(identity).digest()
    const row = this.#keep.get(kind, label, account, raw, digest, receivedAt)
    return row?.copies === 1 ? 1 : 0
  }
}

function setAside({ whatsapp, receivedAt }: Arrival, error: Error): KeptArrival {
  const label = `the store does not take it: ${error.message}`
  return { kind: 'quarantine', label, account: null, raw: whatsapp?.raw ?? 'null', receivedAt }
}
