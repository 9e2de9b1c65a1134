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

const SINCE = string('since', 'Earliest instant of ts, inclusive.', '2025-01-01T00:00:00Z')
const UNTIL = string('until', 'Latest instant of ts, exclusive.', '2099-01-01T00:00:00Z')
const FROM = string('from', 'Exact sender.', '+919876543210')

/** Parameters of every route. */
export const ANY_PARAMETERS = [REQUEST_ID]

/** Parameters of GET /messages. */
export const LIST_PARAMETERS = [
  REQUEST_ID,
  integer('limit', 'Messages in a page.', { minimum: 1, maximum: 100, default: 50 }),
  integer('offset', 'Matching messages to pass over.', { minimum: 0, default: 0 }),
  FROM,
  string('to', 'Exact recipient.', '+14155550100'),
  SINCE,
  UNTIL,
  string('q', 'Substring of text, ignoring case in every script.', 'hello'),
  string('order', 'By ts, earliest or latest first.', '', {
    enum: ['asc', 'desc'],
    default: 'asc',
  }),
  string('cursor', 'From the Link header of the page before; without offset.', ''),
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
