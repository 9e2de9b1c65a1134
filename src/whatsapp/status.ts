import type { StatusArrival } from '../status.ts'
import type { Change } from './change.ts'
import { readId, readTime, readUser, Unreadable } from './field.ts'
import { isObject, textAt } from './json.ts'
import type { Part } from './part.ts'

/** Reads one item of a change's `statuses`; what cannot be read tells why. */
export function readStatus(part: Part, change: Change): StatusArrival | Unreadable {
  const { value: item } = part
  if (!isObject(item)) return new Unreadable('a status is no object')
  const message_id = readId(item)
  if (message_id instanceof Unreadable) return message_id
  const status = textAt(item, 'status')
  if (status === undefined) return new Unreadable('status is missing or no text')
  const recipient = readUser(item, 'recipient_id', 'recipient_user_id')
  if (recipient instanceof Unreadable) return recipient
  const { business: sender, receivedAt } = change
  if (sender instanceof Unreadable) return sender
  const ts = readTime(item)
  if (ts instanceof Unreadable) return ts
  return { message_id, status, recipient, sender, ts, raw: part.raw, receivedAt }
}
