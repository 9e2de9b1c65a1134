import type { Message } from '../../src/message.ts'
import { type Chance, pick } from '../chance.ts'

/** How many different numbers send, and how many receive. */
export const PARTIES = { senders: 200_000, recipients: 20 }

/** The time that the messages of a store are spread over, in milliseconds. */
export const SPAN = { start: Date.UTC(2023, 10, 1), length: 700 * 24 * 3600 * 1000 }

/** Messages arrive up to this much out of order. */
const JITTER_MILLISECONDS = 6 * 3600 * 1000

/** One message in so many has no text. */
const ONE_WITHOUT_TEXT_IN = 33

/**
 * One sender in a hundred sends half of all messages, as shops and banks do; in that part and in
 * the rest all send about the same.
 */
function senderOf(chance: Chance): string {
  const below = chance(2) === 0 ? PARTIES.senders / 100 : PARTIES.senders
  return `+4477${String(chance(below)).padStart(8, '0')}`
}

/** The recipient with this number, from 0. */
export const recipientOf = (number: number) => `+1555${String(number).padStart(7, '0')}`

/**
 * One message with a random id. `place` is where in the span it lies, from 0 to 1; what lies
 * beyond 1 came later.
 */
export function makeMessage(texts: readonly string[], place: number, chance: Chance): Message {
  const instant = SPAN.start + place * SPAN.length + chance(JITTER_MILLISECONDS)
  return {
    message_id: crypto.randomUUID(),
    from: senderOf(chance),
    to: recipientOf(chance(PARTIES.recipients)),
    ts: new Date(instant).toISOString(),
    text: chance(ONE_WITHOUT_TEXT_IN) === 0 ? null : pick(texts, chance),
  }
}
