import { requestOf } from '../bench/corpus.ts'

/** Senders: few enough that each has many messages, and more than /stats shows. */
const SENDERS = 37

/** Words that the texts hold; a search for each must find exactly its messages. */
export const WORDS = ['amber', 'Birch', 'cobalt', 'École', 'ПРИВЕТ', '明天', 'dune_%', 'ember']

/** One message in so many has no text. */
const WITHOUT_TEXT_ONE_IN = 11

/** Time of message 0; each is a millisecond after the one before, so `ts` tells the number. */
const EPOCH = Date.UTC(2025, 0, 1)

/** A message of the attacks: all of it follows from its number. */
export interface Minted {
  readonly message_id: string
  readonly from: string
  readonly to: string
  readonly ts: string
  readonly text: string | null
}

/** The word in the text of a message; undefined for one without a text. */
export function wordOf(number: number): string | undefined {
  if (number % WITHOUT_TEXT_ONE_IN === 0) return undefined
  return WORDS[number % WORDS.length]
}

/** The sender of a message. Low ones send more, so that the busiest ten stand out. */
export function senderOf(number: number): string {
  const spread = Math.imul(number, 2_654_435_761) >>> 0
  return `+1555${Math.min(spread % SENDERS, (spread >>> 8) % SENDERS)}`
}

/** The `ts` of a message. */
export function timeOf(number: number): string {
  return new Date(EPOCH + number).toISOString()
}

/** The id of a message. Its last character tells where it ends among the bytes of a file. */
const idOf = (number: number) => `n${number}.`

/** The message with this number. */
export function mint(number: number): Minted {
  const word = wordOf(number)
  const text = word === undefined ? null : `message ${number} about ${word}, as it was sent first`
  const party = { from: senderOf(number), to: '+1666' }
  return { message_id: idOf(number), ...party, ts: timeOf(number), text }
}

/** The number in an id; undefined where the id is not one of ours. */
export function numberOf(messageId: string): number | undefined {
  const digits = /^n(0|[1-9][0-9]{0,14})\.$/.exec(messageId)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** The number in a time; undefined for a time that none of ours has. */
export function numberAt(ts: string): number | undefined {
  const number = Date.parse(ts) - EPOCH
  return number >= 0 ? number : undefined
}

/** Makes whole HTTP requests, signed with this secret. */
export function openMint(secret: string) {
  const key = new Bun.CryptoHasher('sha256', secret)
  // The answer carries the request's id, so that it can be told in a trace what was answered.
  const sign = (message: Minted) =>
    Buffer.from(requestOf(JSON.stringify(message), key, `X-Request-ID: ${message.message_id}\r\n`))
  return {
    /** The delivery of a message, as it is sent first and again. */
    delivery: (number: number) => sign(mint(number)),
    /** Another message under an id that is acknowledged already: it must change nothing. */
    forgery: (number: number) => sign({ ...mint(number), text: 'not what was sent first' }),
  }
}
