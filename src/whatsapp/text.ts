import { TEXT_CODE_POINTS_MAX } from '../bounds.ts'
import { exceedsCodePoints } from '../message.ts'
import { at, type Json, listAt, textAt } from './json.ts'

type Text = string | undefined

/** Deepest edit inside of an edit that is read; WhatsApp sends one. */
const EDITS_MAX = 4

const joined = (parts: readonly Text[], separator = ', '): Text =>
  parts.filter((part) => part !== undefined && part !== '').join(separator) || undefined

function placeOf(item: Json): Text {
  const coordinates = [at(item, 'location', 'latitude'), at(item, 'location', 'longitude')]
  const named = joined([textAt(item, 'location', 'name'), textAt(item, 'location', 'address')])
  const numbers = coordinates.filter((each) => typeof each === 'number')
  return named ?? (numbers.length === 2 ? numbers.join(', ') : undefined)
}

function contactOf(contact: unknown): Text {
  const phones = listAt(contact, 'phones').map((phone) => textAt(phone, 'phone'))
  return joined([textAt(contact, 'name', 'formatted_name'), ...phones])
}

function productOf(product: unknown): Text {
  const id = textAt(product, 'product_retailer_id')
  const quantity = at(product, 'quantity')
  const isCount = typeof quantity === 'number' || typeof quantity === 'string'
  return id !== undefined && isCount ? `${quantity} x ${id}`.toWellFormed() : id
}

const caption = (type: string) => (item: Json) => textAt(item, type, 'caption')

/**
 * What people would read of each type of message that WhatsApp documents ("Webhooks", "messages
 * webhook reference"). Types without an entry, known or new, have no text: the raw item is kept.
 */
const TEXTS: Readonly<Record<string, (item: Json, depth: number) => Text>> = {
  text: (item) => textAt(item, 'text', 'body'),
  image: caption('image'),
  video: caption('video'),
  audio: caption('audio'),
  document: (item) => textAt(item, 'document', 'caption') ?? textAt(item, 'document', 'filename'),
  button: (item) => textAt(item, 'button', 'text') ?? textAt(item, 'button', 'payload'),
  interactive: (item) =>
    textAt(item, 'interactive', 'button_reply', 'title') ??
    textAt(item, 'interactive', 'list_reply', 'title') ??
    textAt(item, 'interactive', 'nfm_reply', 'body') ??
    textAt(item, 'interactive', 'call_permission_reply', 'response'),
  reaction: (item) => textAt(item, 'reaction', 'emoji'),
  location: placeOf,
  contacts: (item) => joined(listAt(item, 'contacts').map(contactOf), '; '),
  order: (item) =>
    joined([
      textAt(item, 'order', 'text'),
      ...listAt(item, 'order', 'product_items').map(productOf),
    ]),
  system: (item) => textAt(item, 'system', 'body'),
  edit: (item, depth) => {
    const message = at(item, 'edit', 'message')
    return depth < EDITS_MAX ? textOf(message, depth + 1) : undefined
  },
}

function textOf(item: unknown, depth: number): Text {
  const type = textAt(item, 'type') ?? ''
  return Object.hasOwn(TEXTS, type) ? TEXTS[type]?.(item as Json, depth) : undefined
}

/** A message's text, null where it has none; cut to the longest that a message may have. */
export function readText(item: Json): string | null {
  const text = textOf(item, 0)
  if (text === undefined) return null
  if (!exceedsCodePoints(text, TEXT_CODE_POINTS_MAX)) return text
  return [...text].slice(0, TEXT_CODE_POINTS_MAX).join('')
}
