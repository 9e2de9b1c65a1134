import { describe, expect, test } from 'bun:test'
import { Value } from '@sinclair/typebox/value'
import { Message, StoredMessage } from '../../src/schema.ts'
import { startService, TRANSPORTS } from '../support/service.ts'
import { delivery, fields } from '../support/signer.ts'
import { openConnection, rawRequest } from './connection.ts'

/** Ids that need care in a path. */
const IDS = [
  'a b',
  'a/b',
  '/',
  '%',
  '%41',
  '100%25',
  '?limit=0',
  '#',
  'a+b',
  '\u00e9\u{1F600}',
  '"quoted"',
  '<b>',
  'a\0b',
  'a\nb',
  '...',
  ':message_id',
  '\\',
  '\u{1F600}'.repeat(256),
]

/** Keys of one record, in the order of its answer. */
const KEYS = [...Object.keys(Message.properties), 'seq', 'received_at']

describe.each([...TRANSPORTS])('GET /messages/{message_id}, %s', (transport) => {
  test('shows the whole record', async () => {
    await using service = await startService({}, transport)
    const before = Date.now()
    await service.request('/webhook', delivery())
    const response = await service.request('/messages/m1')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    const record = (await response.json()) as StoredMessage
    expect(record).toEqual({ ...fields(), seq: 1, received_at: expect.any(String) } as never)
    expect(Object.keys(record)).toEqual(KEYS)
    expect(Date.parse(record.received_at)).toBeGreaterThanOrEqual(before)
    expect(Date.parse(record.received_at)).toBeLessThanOrEqual(Date.now())
  })

  test('finds an id of any characters by its percent-encoding', async () => {
    await using service = await startService({}, transport)
    for (const message_id of IDS) {
      expect((await service.request('/webhook', delivery({ message_id }))).status).toBe(200)
    }
    for (const message_id of IDS) {
      const response = await service.request(`/messages/${encodeURIComponent(message_id)}`)
      expect([message_id, response.status]).toEqual([message_id, 200])
      expect(await response.json()).toMatchObject({ message_id })
    }
  })

  test('is 404 for an id that is not there, however it is written', async () => {
    await using service = await startService({}, transport)
    await service.request('/webhook', delivery({ message_id: 'M1' }))
    for (const path of ['m1', 'M1%20', 'M', '%00', '%', '%zz', '%ff', '%c3', 'M1/', 'M1/seq']) {
      const response = await service.request(`/messages/${path}`)
      expect([path, response.status]).toEqual([path, 404])
      expect(await response.text()).toBe('{"detail":"Not Found"}')
    }
  })
})

test('a record has the shape that its schema says', async () => {
  await using service = await startService()
  await service.request('/webhook', delivery())
  const record = await service.json('/messages/m1')
  expect(Value.Check(StoredMessage, record)).toBe(true)
})

test('an id of dots alone has no path of its own: one is a 404, two are the inbox', async () => {
  // The URL standard takes %2E for a dot, so that clients and Bun alike walk up a folder.
  await using service = await startService({}, 'socket')
  for (const message_id of ['.', '..']) {
    await service.request('/webhook', delivery({ message_id }))
    using connection = await openConnection(service.url())
    connection.send(rawRequest(`GET /messages/${message_id.replaceAll('.', '%2E')}`, {}))
    const { status, body } = await connection.answer()
    expect(status).toBe(message_id === '.' ? 404 : 200)
    expect(body).toContain(message_id === '.' ? 'Not Found' : '<title>ackbox inbox')
  }
})

test('bytes that are no percent-encoding at all do no harm in a path', async () => {
  await using service = await startService({}, 'socket')
  for (const path of ['/messages/\xff\xfe', '/messages/a"b<>', '/messages/%', '/%', '/%00']) {
    using connection = await openConnection(service.url())
    connection.send(rawRequest(`GET ${path}`, {}))
    const { status } = await connection.answer()
    expect([path, [400, 404].includes(status)]).toEqual([path, true])
  }
})
