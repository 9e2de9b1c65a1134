import { REJECTIONS, type RejectionCode } from '../../outcome.ts'
import { DEFECT, faults, json, READ_ERRORS, refusal, schemaOf, text } from './answers.ts'
import {
  ANY_PARAMETERS,
  ASSET_PARAMETERS,
  LIST_PARAMETERS,
  MESSAGE_PARAMETERS,
  VOLUME_PARAMETERS,
} from './parameters.ts'
import { SENDER_DETAILS } from './senders.ts'

const MESSAGE = {
  message_id: 'm1',
  from: '+919876543210',
  to: '+14155550100',
  ts: '2025-01-15T10:00:00Z',
  text: 'Hello',
}

const BUSIEST = [{ from: MESSAGE.from, count: 1 }]

const STATS = {
  total_messages: 1,
  senders_count: 1,
  messages_per_sender: BUSIEST,
  first_message_ts: MESSAGE.ts,
  last_message_ts: MESSAGE.ts,
}

/** Reads want a token only where one is set, so doing without is documented too. */
const reads = (scheme: 'apiToken' | 'metricsToken'): Record<string, string[]>[] => [
  { [scheme]: [] },
  {},
]

const rejected = (code: RejectionCode, headers: readonly string[] = []) =>
  refusal(REJECTIONS[code].meaning, REJECTIONS[code].detail, headers)

/** What the document says of each route, in the words of docs/api.md. */
export const DETAILS = {
  ...SENDER_DETAILS,
  webhook: {
    tags: ['Deliveries'],
    operationId: 'deliver',
    summary: 'Deliver one signed message',
    description:
      'Answers 200 only after the message is on disk. Of several deliveries with one message_id ' +
      'the first is stored and all get their 200. Any other answer: nothing was stored.',
    security: [{ signature: [] }] as Record<string, string[]>[],
    parameters: ANY_PARAMETERS,
    requestBody: {
      required: true,
      description: 'The signature is made over these very bytes.',
      content: { 'application/json': { schema: schemaOf('Delivery'), example: MESSAGE } },
    },
    responses: {
      200: json('On disk, or there already.', 'Stored', { status: 'ok' }, ['X-Ackbox-Result']),
      401: rejected('invalid_signature'),
      408: rejected('body_too_slow'),
      413: rejected('body_too_large'),
      422: faults(
        REJECTIONS.validation_error.meaning,
        'string_pattern_mismatch',
        ['body', 'from'],
        'must be a plus and 1 to 32 digits',
      ),
      503: rejected('queue_full', ['Retry-After']),
      ...DEFECT,
    },
  },
  listMessages: {
    tags: ['Messages'],
    operationId: 'listMessages',
    summary: 'List and search messages',
    description:
      'Filters combine with AND; an empty one is none. Ordered by the instant of ts, then by the ' +
      'bytes of message_id. Follow the Link header to read on: no message is repeated or skipped.',
    security: reads('apiToken'),
    parameters: LIST_PARAMETERS,
    responses: {
      200: json(
        'One page, and how many messages match in all.',
        'Page',
        { data: [MESSAGE], total: 1, limit: 50, offset: 0 },
        ['Link'],
      ),
      422: faults(
        'A parameter breaks its rule.',
        'integer_invalid',
        ['query', 'limit'],
        'must be a plain decimal integer from 1 to 100',
      ),
      ...READ_ERRORS,
    },
  },
  showMessage: {
    tags: ['Messages'],
    operationId: 'showMessage',
    summary: 'Show one message',
    security: reads('apiToken'),
    parameters: MESSAGE_PARAMETERS,
    responses: {
      200: json('The whole record.', 'StoredMessage', {
        ...MESSAGE,
        seq: 1,
        received_at: '2025-01-15T10:00:00.250Z',
      }),
      404: refusal('No message has this id.', 'Not Found'),
      ...READ_ERRORS,
    },
  },
  showStats: {
    tags: ['Messages'],
    operationId: 'showStats',
    summary: 'Count messages and senders',
    security: reads('apiToken'),
    parameters: ANY_PARAMETERS,
    responses: { 200: json('Counts over all messages.', 'Stats', STATS), ...READ_ERRORS },
  },
  showVolume: {
    tags: ['Messages'],
    operationId: 'showVolume',
    summary: 'Count messages by minute, hour or day',
    description:
      'Buckets of UTC that are not empty, in order, at most 1000 between since and until; where ' +
      'one of them is missing the window is that long, and where both are it ends with the ' +
      'latest message. Both are widened to whole buckets.',
    security: reads('apiToken'),
    parameters: VOLUME_PARAMETERS,
    responses: {
      200: json('How many messages fall into each bucket.', 'Volume', {
        bucket: 'hour',
        data: [{ start: '2025-01-15T10:00:00Z', count: 1 }],
      }),
      422: faults(
        'A parameter breaks its rule.',
        'window_too_long',
        ['query', 'until'],
        'must leave at most 1000 buckets after since',
      ),
      ...READ_ERRORS,
    },
  },
  live: {
    tags: ['Operation'],
    operationId: 'live',
    summary: 'Whether the process answers',
    parameters: ANY_PARAMETERS,
    responses: { 200: json('It does.', 'Stored', { status: 'ok' }), ...DEFECT },
  },
  ready: {
    tags: ['Operation'],
    operationId: 'ready',
    summary: 'Whether a write really reaches the disk',
    parameters: ANY_PARAMETERS,
    responses: {
      200: json('It does.', 'Ready', { status: 'ready' }),
      503: json(
        'It does not, or the service stops.',
        'NotReady',
        { status: 'not ready', reason: 'storage full' },
        ['Retry-After'],
      ),
      ...DEFECT,
    },
  },
  metrics: {
    tags: ['Operation'],
    operationId: 'metrics',
    summary: 'All metrics',
    security: reads('metricsToken'),
    parameters: ANY_PARAMETERS,
    responses: {
      200: text('Prometheus text, or OpenMetrics where Accept asks for it.', [
        'text/plain; version=0.0.4; charset=utf-8',
        'application/openmetrics-text; version=1.0.0; charset=utf-8',
      ]),
      401: refusal(
        'METRICS_TOKEN is set, and the request does not show it.',
        'wanted is the header Authorization: Bearer with the METRICS_TOKEN',
        ['WWW-Authenticate'],
      ),
      ...DEFECT,
    },
  },
  openapi: {
    tags: ['Pages'],
    operationId: 'openapi',
    summary: 'This document',
    parameters: ANY_PARAMETERS,
    responses: {
      200: json('OpenAPI 3.1.', 'Document', { openapi: '3.1.0' }),
      ...DEFECT,
    },
  },
  inbox: {
    tags: ['Pages'],
    operationId: 'inbox',
    summary: 'The inbox, to look at what came in',
    parameters: ANY_PARAMETERS,
    responses: { 200: text('The page.', ['text/html; charset=utf-8']), ...DEFECT },
  },
  docs: {
    tags: ['Pages'],
    operationId: 'docs',
    summary: 'This API, to read and to try',
    parameters: ANY_PARAMETERS,
    responses: { 200: text('The page.', ['text/html; charset=utf-8']), ...DEFECT },
  },
  asset: {
    tags: ['Pages'],
    operationId: 'asset',
    summary: 'A script, a style or an image of the pages',
    parameters: ASSET_PARAMETERS,
    responses: {
      200: text('What the page loads; it has an ETag to be asked with again.', [
        'text/javascript; charset=utf-8',
        'text/css; charset=utf-8',
        'image/svg+xml',
      ]),
      304: { description: 'The ETag of If-None-Match is still right.' },
      404: refusal('The pages load nothing of this name.', 'Not Found'),
      ...DEFECT,
    },
  },
}
