/** A request may bring its own id, which its answer and its log line then carry. */
const REQUEST_ID = {
  name: 'X-Request-ID',
  in: 'header',
  required: false,
  description: 'An id of your own for this request, which the answer and the log line carry.',
  schema: { type: 'string', pattern: '^[A-Za-z0-9._-]{1,128}$' },
  example: 'my-request-1',
} as const

const integer = (name: string, description: string, schema: object) =>
  ({
    name,
    in: 'query',
    required: false,
    description,
    schema: { type: 'integer', ...schema },
  }) as const

const string = (name: string, description: string, example: string, schema: object = {}) =>
  ({
    name,
    in: 'query',
    required: false,
    description,
    schema: { type: 'string', ...schema },
    ...(example !== '' && { example }),
  }) as const

const LIMIT = integer('limit', 'Rows in a page.', { minimum: 1, maximum: 100, default: 50 })
const OFFSET = integer('offset', 'Matching rows to pass over.', { minimum: 0, default: 0 })
const CURSOR = string('cursor', 'From the Link header of the page before; without offset.', '')

const SINCE = string('since', 'Earliest instant of ts, inclusive.', '2025-01-01T00:00:00Z')
const UNTIL = string('until', 'Latest instant of ts, exclusive.', '2099-01-01T00:00:00Z')
const FROM = string('from', 'Exact sender.', '+919876543210')

/** Parameters of every route. */
export const ANY_PARAMETERS = [REQUEST_ID]

/** Parameters of GET /messages. */
export const LIST_PARAMETERS = [
  REQUEST_ID,
  LIMIT,
  OFFSET,
  FROM,
  string('to', 'Exact recipient.', '+14155550100'),
  SINCE,
  UNTIL,
  string('q', 'Substring of text, ignoring case in every script.', 'hello'),
  string('order', 'By ts, earliest or latest first.', '', {
    enum: ['asc', 'desc'],
    default: 'asc',
  }),
  CURSOR,
]

/** Parameters of GET /stats/volume. */
export const VOLUME_PARAMETERS = [
  REQUEST_ID,
  string('bucket', 'Span to count by.', '', { enum: ['minute', 'hour', 'day'], default: 'hour' }),
  FROM,
  string('since', 'The buckets start with the one that holds this.', '2025-01-01T00:00:00Z'),
  string(
    'until',
    'The buckets end at this, or with the one that holds it.',
    '2025-02-01T00:00:00Z',
  ),
]

/** Parameters of GET /messages/{message_id}. */
export const MESSAGE_PARAMETERS = [
  {
    name: 'message_id',
    in: 'path',
    required: true,
    description: 'The id that the sender gave the message.',
    schema: { type: 'string' },
    example: 'm1',
  } as const,
  REQUEST_ID,
]

const REASON = string('reason', 'Exact reason.', '')

/** Parameters of GET /webhook/whatsapp. */
export const CHALLENGE_PARAMETERS = [
  REQUEST_ID,
  string('hub.mode', 'subscribe', 'subscribe'),
  string('hub.verify_token', 'WHATSAPP_VERIFY_TOKEN', 'my-token'),
  string('hub.challenge', 'What the answer repeats.', '1158201444'),
]

/** Parameters of GET /statuses. */
export const STATUS_PARAMETERS = [
  ...[REQUEST_ID, LIMIT, OFFSET],
  string('recipient', 'Exact recipient.', '+919876543210'),
  string('status', 'Exact furthest step.', 'read'),
  SINCE,
  CURSOR,
]

/** Parameters of GET /notifications. */
export const NOTIFICATION_PARAMETERS = [
  ...[REQUEST_ID, LIMIT, OFFSET],
  string('field', 'Exact field.', 'account_update'),
  CURSOR,
]

/** Parameters of GET /quarantine. */
export const QUARANTINE_PARAMETERS = [REQUEST_ID, LIMIT, OFFSET, REASON, CURSOR]

/** Parameters of GET /refusals. */
export const REFUSAL_PARAMETERS = [REQUEST_ID, LIMIT, OFFSET, REASON]

/** Parameters of GET /assets/{name}. */
export const ASSET_PARAMETERS = [
  {
    name: 'name',
    in: 'path',
    required: true,
    description: 'Its name, as a page asks for it.',
    schema: { type: 'string' },
    example: 'docs.js',
  } as const,
  REQUEST_ID,
]
