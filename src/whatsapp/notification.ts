import type { Bundle } from '../bundle.ts'
import type { Verified } from '../delivery.ts'
import type { KeptArrival, KeptKind } from '../kept.ts'
import { type Arrival, parseObject, wholeBody } from '../message.ts'
import { Rejection } from '../outcome.ts'
import type { StatusArrival } from '../status.ts'
import { readChange } from './change.ts'
import { Unreadable } from './field.ts'
import { at, isObject, type Json, listAt, textAt } from './json.ts'
import { readMessage } from './message.ts'
import { readStatus } from './status.ts'

/** The `object` of every notification that WhatsApp sends. */
const OBJECT = 'whatsapp_business_account'

/** The field whose changes hold messages and statuses. */
const MESSAGES = 'messages'

/** The lists in a change about messages whose items are taken one by one. */
const ITEMS = new Set(['messages', 'statuses'])

/** What only says what those items are about. */
const CONTEXT = new Set(['messaging_product', 'metadata', 'contacts'])

/** Sorts what one notification brings; nothing of it is lost. */
class Sorter implements Bundle {
  readonly messages: Arrival[] = []
  readonly statuses: StatusArrival[] = []
  readonly kept: KeptArrival[] = []
  readonly #receivedAt: number

  constructor(receivedAt: number) {
    this.#receivedAt = receivedAt
  }

  /** Takes one entry: what is about one business account. */
  addEntry(entry: unknown): void {
    const account = textAt(entry, 'id') ?? null
    const changes = at(entry, 'changes')
    if (Array.isArray(changes)) for (const change of changes) this.#addChange(change, account)
    else this.#keep('quarantine', 'changes are no list', account, entry)
  }

  #addChange(change: unknown, account: string | null): void {
    const field = textAt(change, 'field')
    const value = at(change, 'value')
    if (field === undefined) {
      this.#keep('quarantine', 'a change has no field', account, change)
    } else if (field !== MESSAGES) {
      this.#keep('notification', field, account, value ?? null)
    } else if (!isObject(value)) {
      this.#keep('quarantine', 'the value of messages is no object', account, change)
    } else {
      this.#addMessages(value, account)
    }
  }

  #addMessages(value: Json, account: string | null): void {
    const change = readChange(value, this.#receivedAt)
    for (const item of listAt(value, 'messages')) {
      const message = readMessage(item, change)
      if (!(message instanceof Unreadable)) this.messages.push(message)
      else this.#keep('quarantine', message.reason, account, item)
    }
    for (const item of listAt(value, 'statuses')) {
      const status = readStatus(item, change)
      if (!(status instanceof Unreadable)) this.statuses.push(status)
      else this.#keep('quarantine', status.reason, account, item)
    }
    this.#keepRest(value, account)
  }

  /** Keeps what stands beside messages and statuses: errors, and what may come one day. */
  #keepRest(value: Json, account: string | null): void {
    const rest = Object.entries(value).filter(
      ([name, part]) => !(ITEMS.has(name) && Array.isArray(part)),
    )
    const broken = rest.some(([name]) => ITEMS.has(name))
    const bare = rest.length === Object.keys(value).length
    if (broken) {
      this.#keep(
        'quarantine',
        'messages or statuses are no list',
        account,
        Object.fromEntries(rest),
      )
    } else if (bare || rest.some(([name]) => !CONTEXT.has(name))) {
      this.#keep('notification', MESSAGES, account, Object.fromEntries(rest))
    }
  }

  #keep(kind: KeptKind, label: string, account: string | null, value: unknown): void {
    const raw = JSON.stringify(value)
    this.kept.push({ kind, label, account, raw, receivedAt: this.#receivedAt })
  }
}

function sort(entries: readonly unknown[], receivedAt: number): Bundle {
  const sorter = new Sorter(receivedAt)
  for (const entry of entries) sorter.addEntry(entry)
  const { messages, statuses, kept } = sorter
  return { messages, statuses, kept }
}

/**
 * Reads a verified delivery as a notification of the WhatsApp Business Platform ("Webhooks",
 * "Payload structure"). Every item of it is a message, a status, or kept raw. Returns a
 * `validation_error` for a body that is none, such as another product's.
 */
export function parseNotification({ body, receivedAt }: Verified): Bundle | Rejection {
  const object = parseObject(body)
  if (object instanceof Rejection) return object
  const entries = at(object, 'entry')
  if (at(object, 'object') !== OBJECT || !Array.isArray(entries)) {
    return wholeBody('notification_type', `body must be a notification of ${OBJECT}`)
  }
  try {
    return sort(entries, receivedAt)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return wholeBody('json_invalid', 'body must be JSON, not nested too deeply')
  }
}
