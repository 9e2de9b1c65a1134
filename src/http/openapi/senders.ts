import { REJECTIONS } from '../../outcome.ts'
import { DEFECT, faults, json, READ_ERRORS, refusal, schemaOf, text } from './answers.ts'
import {
  ANY_PARAMETERS,
  CHALLENGE_PARAMETERS,
  MESSAGE_PARAMETERS,
  NOTIFICATION_PARAMETERS,
  QUARANTINE_PARAMETERS,
  REFUSAL_PARAMETERS,
  STATUS_PARAMETERS,
} from './parameters.ts'

const READS: Record<string, string[]>[] = [{ apiToken: [] }, {}]

const OFF = refusal('WhatsApp is not set up.', 'Not Found')

const BAD_PARAMETER = faults(
  'A parameter breaks its rule.',
  'integer_invalid',
  ['query', 'limit'],
  'must be a plain decimal integer from 1 to 100',
)

/** A list: what it shows, what it takes, and the schema of its page. */
const list = <P>(operationId: string, summary: string, parameters: P, schema: string) => ({
  tags: ['Senders'],
  operationId,
  summary,
  security: READS,
  parameters,
  responses: {
    200: json(
      'One page, and how many match in all.',
      schema,
      { data: [], total: 0, limit: 50, offset: 0 },
      ['Link'],
    ),
    422: BAD_PARAMETER,
    ...READ_ERRORS,
  },
})

/** What the document says of the routes for WhatsApp and for what was refused. */
export const SENDER_DETAILS = {
  shakeHands: {
    tags: ['Senders'],
    operationId: 'shakeHands',
    summary: "WhatsApp's handshake",
    parameters: CHALLENGE_PARAMETERS,
    responses: {
      200: text('The challenge.', ['text/plain; charset=utf-8']),
      403: refusal('The token is wrong.', 'wrong hub.mode, hub.verify_token or hub.challenge'),
      404: OFF,
      ...DEFECT,
    },
  },
  notify: {
    tags: ['Senders'],
    operationId: 'notify',
    summary: 'Deliver a notification of WhatsApp',
    description:
      'Every message and status of it is stored in one transaction; what cannot be read is set ' +
      'aside. At most 4 MiB.',
    security: [{ hubSignature: [] }] as Record<string, string[]>[],
    parameters: ANY_PARAMETERS,
    requestBody: {
      required: true,
      description: 'The signature is made over these very bytes.',
      content: {
        'application/json': {
          schema: schemaOf('Notification'),
          example: { object: 'whatsapp_business_account', entry: [] },
        },
      },
    },
    responses: {
      200: json('On disk, or there already.', 'Stored', { status: 'ok' }, ['X-Ackbox-Result']),
      401: refusal(REJECTIONS.invalid_signature.meaning, REJECTIONS.invalid_signature.detail),
      404: OFF,
      408: refusal(REJECTIONS.body_too_slow.meaning, REJECTIONS.body_too_slow.detail),
      413: refusal(REJECTIONS.body_too_large.meaning, REJECTIONS.body_too_large.detail),
      422: faults('It is no notification.', 'object_type', ['body'], 'body must be a JSON object'),
      503: refusal(REJECTIONS.queue_full.meaning, REJECTIONS.queue_full.detail, ['Retry-After']),
      ...DEFECT,
    },
  },
  listStatuses: list(
    'listStatuses',
    'What became of messages sent by WhatsApp',
    STATUS_PARAMETERS,
    'StatusPage',
  ),
  showStatus: {
    tags: ['Senders'],
    operationId: 'showStatus',
    summary: 'What became of one message',
    security: READS,
    parameters: MESSAGE_PARAMETERS,
    responses: {
      200: json('Its furthest step, and every step.', 'StatusRecord', {
        message_id: 'wamid.1',
        from: '+14155550100',
        recipient: '+919876543210',
        status: 'read',
        ts: '2025-01-15T10:00:00Z',
        pricing: null,
        errors: [],
        history: [{ status: 'read', ts: '2025-01-15T10:00:00Z', raw: {} }],
        received_at: '2025-01-15T10:00:00.250Z',
      }),
      404: refusal('No status has this id.', 'Not Found'),
      ...READ_ERRORS,
    },
  },
  listNotifications: list(
    'listNotifications',
    'What WhatsApp tells of other things',
    NOTIFICATION_PARAMETERS,
    'NotificationPage',
  ),
  listQuarantine: list(
    'listQuarantine',
    'Items that could not be read',
    QUARANTINE_PARAMETERS,
    'QuarantinePage',
  ),
  listRefusals: {
    tags: ['Senders'],
    operationId: 'listRefusals',
    summary: 'The last refused deliveries, latest first',
    security: READS,
    parameters: REFUSAL_PARAMETERS,
    responses: {
      200: json('One page, and how many match in all.', 'RefusalPage', {
        data: [],
        total: 0,
        limit: 50,
        offset: 0,
      }),
      422: BAD_PARAMETER,
      ...DEFECT,
      401: READ_ERRORS[401],
    },
  },
}
