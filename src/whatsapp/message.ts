import type { Arrival } from '../message.ts'
import type { Change } from './change.ts'
import { readId, readTime, readUser, Unreadable } from './field.ts'
import { at, isObject, type Json, textAt } from './json.ts'
import type { Part } from './part.ts'
import { readText } from './text.ts'

/** The types of messages whose member of the same name has the id of a medium. */
const MEDIA = ['image', 'video', 'audio', 'document', 'sticker']

/** Media ids of an item: of the medium itself, and of one in an edit. */
function mediaOf(item: Json): string[] {
  const ids: string[] = []
  for (const place of [item, at(item, 'edit', 'message')]) {
    if (!isObject(place)) continue
    for (const type of MEDIA) {
      const id = Object.hasOwn(place, type) ? textAt(place, type, 'id') : undefined
      if (id !== undefined) ids.push(id)
    }
  }
  return ids
}

/**
 * Reads one item of a change's `messages`. What cannot be read tells why; a type that
 * nobody has seen yet is a message without a text.
 */
export function readMessage(part: Part, change: Change): Arrival | Unreadable {
  const { value: item } = part
  if (!isObject(item)) return new Unreadable('a message is no object')
  const message_id = readId(item)
  if (message_id instanceof Unreadable) return message_id
  const from = readUser(item, 'from', 'from_user_id')
  if (from instanceof Unreadable) return from
  const { business: to, names, phoneNumberId, receivedAt } = change
  if (to instanceof Unreadable) return to
  const ts = readTime(item)
  if (ts instanceof Unreadable) return ts
  const whatsapp = {
    type: textAt(item, 'type') ?? 'unknown',
    profile_name: names.get(at(item, 'from')) ?? names.get(at(item, 'from_user_id')) ?? null,
    reply_to: textAt(item, 'context', 'id') ?? textAt(item, 'reaction', 'message_id') ?? null,
    media_ids: mediaOf(item),
    phone_number_id: phoneNumberId,
    raw: part.raw,
  }
  return { message_id, from, to, ts, text: readText(item), receivedAt, whatsapp }
}
