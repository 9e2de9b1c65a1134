import { type Static, Type } from '@sinclair/typebox'
import { LIMIT_MAX, MESSAGE_ID_CODE_POINTS_MAX, PARTY, TEXT_CODE_POINTS_MAX } from './bounds.ts'
import { STATS_SENDERS_MAX } from './busiest.ts'
import { WhatsAppDetails } from './records.ts'
import { BUCKETS, VOLUME_BUCKETS_MAX } from './volume.ts'

const party = (description: string) =>
  Type.String({ pattern: PARTY, description, examples: ['+919876543210'] })

/** What a delivery carries: the five fields of POST /webhook, as they were sent. */
export const Message = Type.Object({
  message_id: Type.String({
    minLength: 1,
    maxLength: MESSAGE_ID_CODE_POINTS_MAX,
    description: "The sender's own id of the message; not only white space. Makes it unique.",
    examples: ['m1'],
  }),
  from: party('Who sent the message: a plus and 1 to 32 digits.'),
  to: party('Who it was sent to: a plus and 1 to 32 digits.'),
  ts: Type.String({
    format: 'date-time',
    description: 'When it was sent: ISO 8601 in UTC with a Z and up to 6 digits of fraction.',
    examples: ['2025-01-15T10:00:00Z'],
  }),
  text: Type.Union([Type.String({ maxLength: TEXT_CODE_POINTS_MAX }), Type.Null()], {
    description: 'The text, or null where the message has none.',
    examples: ['Hello'],
  }),
})

/** What a delivery carries: the five fields of POST /webhook, as they were sent. */
export type Message = Static<typeof Message>

/** A message as lists show it: what came from WhatsApp may have a sender without a number. */
export const ListedMessage = Type.Object({
  ...Message.properties,
  from: Type.String({
    pattern: '^(\\+[0-9]{1,32}|[A-Z]{2}\\.[A-Za-z0-9.]{1,132})$',
    description: 'Who sent the message: a plus and digits, or the user id that WhatsApp gave.',
    examples: ['+919876543210'],
  }),
})

/** A message as `GET /messages/{message_id}` shows it. */
export const StoredMessage = Type.Composite([
  ListedMessage,
  Type.Object({
    seq: Type.Integer({ description: 'Arrival number, strictly increasing in commit order.' }),
    received_at: Type.String({ format: 'date-time', description: 'When the delivery arrived.' }),
    whatsapp: Type.Optional(WhatsAppDetails),
  }),
])

/** A message as `GET /messages/{message_id}` shows it. */
export type StoredMessage = Static<typeof StoredMessage>

/** The answer of GET /messages. */
export const PageAnswer = Type.Object({
  data: Type.Array(ListedMessage),
  total: Type.Integer({ description: 'How many messages match, whatever limit and offset are.' }),
  limit: Type.Integer({ minimum: 1, maximum: LIMIT_MAX }),
  offset: Type.Integer({ minimum: 0 }),
})

/** The answer of GET /messages. */
export type PageAnswer = Static<typeof PageAnswer>

const timestamp = (which: string) =>
  Type.Union([Type.String(), Type.Null()], { description: `${which} ts, null when empty.` })

/** The answer of GET /stats: counts over all messages. */
export const Stats = Type.Object({
  total_messages: Type.Integer(),
  senders_count: Type.Integer({ description: 'How many different senders there are.' }),
  messages_per_sender: Type.Array(Type.Object({ from: Type.String(), count: Type.Integer() }), {
    maxItems: STATS_SENDERS_MAX,
    description: 'The busiest senders, by count descending and then by number ascending.',
  }),
  first_message_ts: timestamp('Earliest'),
  last_message_ts: timestamp('Latest'),
})

/** The answer of GET /stats: counts over all messages. */
export type Stats = Static<typeof Stats>

/** The answer of GET /stats/volume: the buckets that are not empty, in order. */
export const Volume = Type.Object({
  bucket: Type.Union(BUCKETS.map((name) => Type.Literal(name))),
  data: Type.Array(
    Type.Object({
      start: Type.String({ format: 'date-time', description: 'Start of the bucket, in UTC.' }),
      count: Type.Integer({ minimum: 1 }),
    }),
    { maxItems: VOLUME_BUCKETS_MAX },
  ),
})

/** The answer of GET /stats/volume. */
export type Volume = Static<typeof Volume>
