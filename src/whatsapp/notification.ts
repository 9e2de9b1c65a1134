import type { Bundle } from '../bundle.ts'
import type { Verified } from '../delivery.ts'
import { locate } from '../json_place.ts'
import type { KeptArrival, KeptKind } from '../kept.ts'
import { type Arrival, decodeBody, parseObject, wholeBody } from '../message.ts'
import { Rejection } from '../outcome.ts'
import type { StatusArrival } from '../status.ts'
import { readChange } from './change.ts'
import { Unreadable } from './field.ts'
import { at, isObject, textAt } from './json.ts'
import { readMessage } from './message.ts'
import { Part } from './part.ts'
import { readStatus } from './status.ts'

/** The `object` of every notification that WhatsApp sends. */
const OBJECT = 'whatsapp_business_account'

/** The field whose changes hold messages and statuses. */
const MESSAGES = 'messages'

/** How deep items lie: the body, entries, one of them, changes, one, its value, messages. */
const ITEM_DEPTH = 7

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
  addEntry(entry: Part): void {
    const account = textAt(entry.value, 'id') ?? null
    const changes = entry.list('changes')
    if (changes === undefined) this.#keep('quarantine', 'changes are no list', account, entry.raw)
    else for (const change of changes) this.#addChange(change, account)
  }

  #addChange(change: Part, account: string | null): void {
    const field = textAt(change.value, 'field')
    const value = change.member('value')
    if (field === undefined) {
      this.#keep('quarantine', 'a change has no field', account, change.raw)
    } else if (field !== MESSAGES) {
      this.#keep('notification', field, account, value?.raw ?? 'null')
    } else if (value === undefined || !isObject(value.value)) {
      this.#keep('quarantine', 'the value of messages is no object', account, change.raw)
    } else {
      this.#addMessages(value, account)
    }
  }

  #addMessages(value: Part, account: string | null): void {
    const change = readChange(value.value, this.#receivedAt)
    for (const item of value.list('messages') ?? []) {
      const message = readMessage(item, change)
      if (!(message instanceof Unreadable)) this.messages.push(message)
      else this.#keep('quarantine', message.reason, account, item.raw)
    }
    for (const item of value.list('statuses') ?? []) {
      const status = readStatus(item, change)
      if (!(status instanceof Unreadable)) this.statuses.push(status)
      else this.#keep('quarantine', status.reason, account, item.raw)
    }
    this.#keepRest(value, account)
  }

  /** Keeps what stands beside messages and statuses: errors, and what may come one day. */
  #keepRest(value: Part, account: string | null): void {
    const names = value.names()
    const rest = names.filter((name) => !(ITEMS.has(name) && value.isList(name)))
    const raw = () => value.rawOf(rest)
    if (rest.some((name) => ITEMS.has(name))) {
      this.#keep('quarantine', 'messages or statuses are no list', account, raw())
    } else if (rest.length === names.length || rest.some((name) => !CONTEXT.has(name))) {
      this.#keep('notification', MESSAGES, account, raw())
    }
  }

  #keep(kind: KeptKind, label: string, account: string | null, raw: string): void {
    this.kept.push({ kind, label, account, raw, receivedAt: this.#receivedAt })
  }
}

/**
 * Reads a verified delivery as a notification of the WhatsApp Business Platform ("Webhooks",
 * "Payload structure"). Every item of it is a message, a status, or kept raw. Returns a
 * `validation_error` for a body that is none, such as another product's.
 */
export function parseNotification({ body, receivedAt }: Verified): Bundle | Rejection {
  const text = decodeBody(body)
  if (text instanceof Rejection) return text
  const object = parseObject(text)
  if (object instanceof Rejection) return object
  const entries = new Part(text, object, locate(text, ITEM_DEPTH)).list('entry')
  if (at(object, 'object') !== OBJECT || entries === undefined) {
    return wholeBody('notification_type', `body must be a notification of ${OBJECT}`)
  }
  const sorter = new Sorter(receivedAt)
  for (const entry of entries) sorter.addEntry(entry)
  const { messages, statuses, kept } = sorter
  return { messages, statuses, kept }
}
