import { MESSAGE_ID_CODE_POINTS_MAX } from '../bounds.ts'
import { exceedsCodePoints } from '../message.ts'
import { at, type Json } from './json.ts'

/** Why an item cannot be read; the reason that GET /quarantine shows. */
export class Unreadable {
  constructor(readonly reason: string) {}
}

/** The last second of the year 9999. */
const SECONDS_MAX = 253_402_300_799

/** An item's `id`, by the rules of a `message_id`. */
export function readId(item: Json): string | Unreadable {
  const id = at(item, 'id')
  const fits =
    typeof id === 'string' &&
    id.isWellFormed() &&
    /\P{White_Space}/u.test(id) &&
    !exceedsCodePoints(id, MESSAGE_ID_CODE_POINTS_MAX)
  return fits ? id : new Unreadable('id is missing or no message id')
}

const DIGITS = /^[0-9]{1,32}$/

/** A phone number as WhatsApp writes it, with a plus or without, as a plus and 1 to 32 digits. */
function readNumber(text: unknown, name: string): string | Unreadable {
  const given = typeof text === 'string' ? text : ''
  const digits = DIGITS.test(given) ? given : given.replace(/^\+/, '').replace(/[ ().-]/g, '')
  if (DIGITS.test(digits)) return `+${digits}`
  return new Unreadable(`${name} is missing or no phone number`)
}

/**
 * How WhatsApp names somebody who hides the number behind a username: by a country, a dot, and an
 * id that is the business's alone ("Business-scoped user IDs"). No number looks like it.
 */
const USER_ID = /^[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}$/

/** Who an item is from or for: the phone number, or the user id where there is no number. */
export function readUser(item: Json, number: string, userId: string): string | Unreadable {
  const read = readNumber(at(item, number), number)
  const id = at(item, userId)
  return read instanceof Unreadable && typeof id === 'string' && USER_ID.test(id) ? id : read
}

/** An item's `timestamp`, whole seconds since the Unix epoch, in the form of a message's `ts`. */
export function readTime(item: Json): string | Unreadable {
  const timestamp = at(item, 'timestamp')
  const text = typeof timestamp === 'number' ? String(timestamp) : timestamp
  const seconds = typeof text === 'string' && /^[0-9]{1,12}$/.test(text) ? Number(text) : NaN
  if (!(seconds <= SECONDS_MAX)) return new Unreadable('timestamp is missing or no time in seconds')
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
}

/** The number of ours that a change is about. */
export function readBusinessNumber(value: unknown): string | Unreadable {
  return readNumber(at(value, 'metadata', 'display_phone_number'), 'display_phone_number')
}
