import { readBusinessNumber, type Unreadable } from './field.ts'
import { at, listAt, textAt } from './json.ts'

/** What all items of one change share. */
export interface Change {
  /** The number of ours that it is about, a plus and digits. */
  readonly business: string | Unreadable
  readonly phoneNumberId: string | null
  /** Profile names by the number as WhatsApp writes it, and by the user id. */
  readonly names: ReadonlyMap<unknown, string>
  /** Milliseconds since the Unix epoch. */
  readonly receivedAt: number
}

/** Reads once what each item of a change's value needs. */
export function readChange(value: unknown, receivedAt: number): Change {
  const names = new Map<unknown, string>()
  for (const contact of listAt(value, 'contacts')) {
    const name = textAt(contact, 'profile', 'name')
    if (name === undefined) continue
    for (const id of ['wa_id', 'user_id']) names.set(at(contact, id), name)
  }
  return {
    business: readBusinessNumber(value),
    phoneNumberId: textAt(value, 'metadata', 'phone_number_id') ?? null,
    names,
    receivedAt,
  }
}
