import { describe, expect, test } from 'bun:test'
import type { Bundle } from '../../src/bundle.ts'
import { parseNotification } from '../../src/whatsapp/notification.ts'
import { verified } from '../signature/verified.ts'
import { parse } from './bundles.ts'
import {
  BUSINESS,
  change,
  message,
  messages,
  notification,
  SAMPLES,
  status,
  statuses,
  value,
} from './payloads.ts'

const asideOf = (bundle: Bundle) =>
  bundle.kept.map(({ kind, label, raw }) => [kind, label, JSON.parse(raw)])

describe('a message', () => {
  test.each(SAMPLES)('of the kind $name is read', ({ parts, text, media = [], replyTo = null }) => {
    const item = message('wamid.1', parts)
    const bundle = parse(messages(item))
    expect(bundle.kept).toEqual([])
    expect(bundle.messages).toEqual([
      {
        message_id: 'wamid.1',
        from: '+16505551234',
        to: BUSINESS,
        ts: '2025-06-08T20:59:43Z',
        text,
        receivedAt: 1234,
        whatsapp: {
          type: typeof parts.type === 'string' ? parts.type : 'unknown',
          profile_name: 'Sheena Nelson',
          reply_to: replyTo,
          media_ids: media,
          phone_number_id: '106540352242922',
          raw: JSON.stringify(item),
        },
      },
    ])
  })

  test.each([
    ['0', '1970-01-01T00:00:00Z'],
    [1_749_416_383, '2025-06-08T20:59:43Z'],
    ['253402300799', '9999-12-31T23:59:59Z'],
  ])('at second %j has that ts', (timestamp, ts) => {
    const bundle = parse(messages(message('a', { type: 'text', timestamp })))
    expect(bundle.messages.map((each) => each.ts)).toEqual([ts])
  })

  test.each([
    ['15550783881', BUSINESS],
    [BUSINESS, BUSINESS],
    ['+1 (555) 078-3881', BUSINESS],
  ])('to the number written %j has a plus and digits', (display_phone_number, to) => {
    const of = value({ messages: [message('a')], metadata: { display_phone_number } })
    expect(parse(notification(change(of))).messages.map((each) => each.to)).toEqual([to])
  })

  test('whose sender has no profile has no name', () => {
    const of = value({ messages: [message('a')], contacts: [] })
    const [first] = parse(notification(change(of))).messages
    expect(first?.whatsapp?.profile_name).toBeNull()
  })

  test('longer than a text may be is cut, by code points, and its item is whole', () => {
    const body = '\u{1F600}'.repeat(4097)
    const [first] = parse(messages(message('a', { type: 'text', text: { body } }))).messages
    expect([...(first?.text ?? '')].length).toBe(4096)
    expect(first?.whatsapp?.raw).toContain(body)
  })

  test('cut within a character loses half of that character alone', () => {
    const body = 'ab\ud83d'
    const [first] = parse(messages(message('a', { type: 'text', text: { body } }))).messages
    expect(first?.text).toBe('ab\ufffd')
    expect(JSON.parse(first?.whatsapp?.raw ?? '').text.body).toBe(body)
  })
})

describe('an item that cannot be read is set aside with its reason', () => {
  const ID = 'id is missing or no message id'
  const FROM = 'from is missing or no phone number'
  const TIME = 'timestamp is missing or no time in seconds'

  test.each([
    [{ id: undefined }, ID],
    [{ id: '' }, ID],
    [{ id: ' \n' }, ID],
    [{ id: 5 }, ID],
    [{ id: 'x'.repeat(257) }, ID],
    [{ id: 'a\ud800' }, ID],
    [{ from: undefined }, FROM],
    [{ from: 'US.13491208655302741918' }, FROM],
    [{ from: '1'.repeat(33) }, FROM],
    [{ from: 16_505_551_234 }, FROM],
    [{ timestamp: undefined }, TIME],
    [{ timestamp: '' }, TIME],
    [{ timestamp: '1.5' }, TIME],
    [{ timestamp: '-1' }, TIME],
    [{ timestamp: '1e9' }, TIME],
    [{ timestamp: '253402300800' }, TIME],
    [{ timestamp: '1749416383000' }, TIME],
    [{ timestamp: 1.5 }, TIME],
  ])('as a message with %j', (changes, reason) => {
    const bad = { ...message('bad'), ...changes }
    const bundle = parse(messages(message('a'), bad, message('b')))
    expect(bundle.messages.map((each) => each.message_id)).toEqual(['a', 'b'])
    expect(asideOf(bundle)).toEqual([['quarantine', reason, JSON.parse(JSON.stringify(bad))]])
  })

  test.each([
    [{ id: null }, ID],
    [{ status: undefined }, 'status is missing or no text'],
    [{ status: 5 }, 'status is missing or no text'],
    [{ recipient_id: undefined }, 'recipient_id is missing or no phone number'],
    [{ timestamp: 'now' }, TIME],
  ])('as a status with %j', (changes, reason) => {
    const bad = { ...status('bad', 'sent'), ...changes }
    const bundle = parse(statuses(bad, status('a', 'sent')))
    expect(bundle.statuses.map((each) => each.message_id)).toEqual(['a'])
    expect(asideOf(bundle)).toEqual([['quarantine', reason, JSON.parse(JSON.stringify(bad))]])
  })

  test.each([[null], [5], ['text'], [[]], [true]])(
    'as %j in the place of a message or status',
    (item) => {
      const bundle = parse(notification(change(value({ messages: [item], statuses: [item] }))))
      expect(asideOf(bundle)).toEqual([
        ['quarantine', 'a message is no object', item],
        ['quarantine', 'a status is no object', item],
      ])
    },
  )

  test('where the change does not say which number of ours it is about', () => {
    const bundle = parse(notification(change(value({ messages: [message('a')], metadata: {} }))))
    const reason = 'display_phone_number is missing or no phone number'
    expect(asideOf(bundle)).toEqual([['quarantine', reason, message('a')]])
  })

  test.each([
    ['an entry that is no object', { entry: [5] }, 'changes are no list', 5],
    ['changes that are no list', { entry: [{ id: '1' }] }, 'changes are no list', { id: '1' }],
    ['a change that is no object', { entry: [{ changes: [null] }] }, 'a change has no field', null],
    [
      'a value that is no object',
      { entry: [{ changes: [change(7)] }] },
      'the value of messages is no object',
      change(7),
    ],
    [
      'messages that are no list',
      { entry: [{ changes: [change({ messages: {} })] }] },
      'messages or statuses are no list',
      { messages: {} },
    ],
  ])('as %s', (_, parts, reason, raw) => {
    const bundle = parse({ object: 'whatsapp_business_account', ...parts })
    expect(asideOf(bundle)).toEqual([['quarantine', reason, raw]])
  })
})

describe('what is no message is kept', () => {
  test('as it came, under the name of its field', () => {
    const of = { event: 'APPROVED', message_template_id: 5, reason: null }
    const bundle = parse(notification(change(of, 'message_template_status_update')))
    expect(asideOf(bundle)).toEqual([['notification', 'message_template_status_update', of]])
    expect(bundle.kept.map(({ account }) => account)).toEqual(['102290129340398'])
  })

  test('also where it has no value', () => {
    expect(asideOf(parse(notification({ field: 'flows' })))).toEqual([
      ['notification', 'flows', null],
    ])
  })

  test('beside messages: errors, and what may come one day', () => {
    const errors = [{ code: 130429, title: 'Rate limit hit' }]
    const of = value({ messages: [message('a')], errors })
    const bundle = parse(notification(change(of)))
    const { messages: _, ...rest } = of
    expect(bundle.messages.length).toBe(1)
    expect(asideOf(bundle)).toEqual([['notification', 'messages', rest]])
  })

  test('where a change about messages brings none', () => {
    expect(asideOf(parse(notification(change(value({})))))).toEqual([
      ['notification', 'messages', value({})],
    ])
    expect(asideOf(parse(notification(change(value({ messages: [] })))))).toEqual([])
  })
})

describe('a body that is no notification', () => {
  test.each([
    ['not JSON', '{"object":', 'json_invalid'],
    ['not UTF-8', Uint8Array.of(0x7b, 0xff), 'unicode_invalid'],
    ['no object', '[]', 'object_type'],
    ['a message of the contract', { message_id: 'a' }, 'notification_type'],
    ['of another product', { object: 'instagram', entry: [] }, 'notification_type'],
    ['without entries', { object: 'whatsapp_business_account' }, 'notification_type'],
    [
      'with an entry that is no list',
      { object: 'whatsapp_business_account', entry: {} },
      'notification_type',
    ],
  ])('is refused when it is %s', (_, body, type) => {
    const outcome = parseNotification(verified(body))
    expect(outcome).toMatchObject({ result: 'validation_error', faults: [{ type, loc: ['body'] }] })
  })

  test('may have no entry at all', () => {
    expect(parse({ object: 'whatsapp_business_account', entry: [] })).toEqual({
      messages: [],
      statuses: [],
      kept: [],
    })
  })
})
