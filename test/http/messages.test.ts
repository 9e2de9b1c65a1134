import { describe, expect, test } from 'bun:test'
import { Value } from '@sinclair/typebox/value'
import { PageAnswer } from '../../src/schema.ts'
import { startService, type TestService, TRANSPORTS, type Transport } from '../support/service.ts'
import { delivery } from '../support/signer.ts'

interface Page {
  data: { message_id: string }[]
  total: number
}

/** Starts a service that holds these messages; each is given as the fields that matter. */
async function serviceWith(
  rows: readonly Record<string, unknown>[],
  transport: Transport,
): Promise<TestService> {
  const service = await startService({}, transport)
  for (const [index, row] of rows.entries()) {
    await service.request('/webhook', delivery({ message_id: `m${index}`, ...row }))
  }
  return service
}

const idsOf = async (service: TestService, query: string) => {
  const page = (await service.json(`/messages?${query}`)) as Page
  return page.data.map(({ message_id }) => message_id)
}

describe.each([...TRANSPORTS])('GET /messages, %s', (transport) => {
  test('answers an empty page with its four keys when there is nothing', async () => {
    await using service = await startService({}, transport)
    const response = await service.request('/messages')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.text()).toBe('{"data":[],"total":0,"limit":50,"offset":0}')
  })

  test('answers each message with exactly its five fields, as the schema says', async () => {
    await using service = await serviceWith([{}, { text: undefined }], transport)
    const page = (await service.json('/messages')) as Page
    expect(Value.Check(PageAnswer, page)).toBe(true)
    expect(Object.keys(page)).toEqual(['data', 'total', 'limit', 'offset'])
    const keys = ['message_id', 'from', 'to', 'ts', 'text']
    expect(page.data.map((row) => Object.keys(row))).toEqual([keys, keys])
    expect(page.data[1]).toMatchObject({ message_id: 'm1', text: null })
  })

  test('orders by the instant, and then by the bytes of the id', async () => {
    const rows = [
      { message_id: 'late', ts: '2025-01-15T10:00:00.500Z' },
      { message_id: 'c', ts: '2025-01-15T10:00:00Z' },
      { message_id: '\u{1F600}', ts: '2025-01-15T10:00:00.0Z' },
      { message_id: '\uff5e', ts: '2025-01-15T10:00:00.000Z' },
      { message_id: 'B', ts: '2025-01-15T10:00:00.000000Z' },
      { message_id: 'early', ts: '2025-01-15T09:59:59.999999Z' },
    ]
    await using service = await serviceWith(rows, transport)
    const order = ['early', 'B', 'c', '\uff5e', '\u{1F600}', 'late']
    expect(await idsOf(service, '')).toEqual(order)
  })

  test('gives back ts as the very string that was sent', async () => {
    const ts = '2025-01-15T10:00:00.500000Z'
    await using service = await serviceWith([{ ts }], transport)
    expect(await service.json('/messages')).toMatchObject({ data: [{ ts }] })
  })

  test('pages by limit and offset, with a total that ignores both', async () => {
    const rows = Array.from({ length: 7 }, (_, n) => ({ ts: `2025-01-15T10:00:0${n}Z` }))
    await using service = await serviceWith(rows, transport)
    const page = (await service.json('/messages?limit=3&offset=2')) as Page
    expect(page).toMatchObject({ total: 7, limit: 3, offset: 2 })
    expect(page.data.map(({ message_id }) => message_id)).toEqual(['m2', 'm3', 'm4'])
    expect(await idsOf(service, 'limit=3&offset=6')).toEqual(['m6'])
    expect(await idsOf(service, 'limit=3&offset=7')).toEqual([])
  })

  test('shows 50 messages by default and 100 at most', async () => {
    await using service = await serviceWith(Array(101).fill({}), transport)
    expect((await idsOf(service, '')).length).toBe(50)
    expect((await idsOf(service, 'limit=100')).length).toBe(100)
  })

  test('combines filters with AND', async () => {
    const rows = [
      { from: '+1', text: 'tea', ts: '2025-01-15T10:00:00Z' },
      { from: '+1', text: 'tea', ts: '2025-01-15T11:00:00Z' },
      { from: '+1', text: 'oil', ts: '2025-01-15T11:00:00Z' },
      { from: '+2', text: 'tea', ts: '2025-01-15T11:00:00Z' },
    ]
    await using service = await serviceWith(rows, transport)
    const query = 'from=%2B1&q=tea&since=2025-01-15T11:00:00Z'
    expect(await service.json(`/messages?${query}`)).toMatchObject({
      data: [{ message_id: 'm1' }],
      total: 1,
    })
  })

  test('finds a sender by the whole number only, with an encoded or a raw plus', async () => {
    const rows = [{ from: '+91' }, { from: '+919' }, { from: '+9' }]
    await using service = await serviceWith(rows, transport)
    expect(await idsOf(service, 'from=%2B91')).toEqual(['m0'])
    expect(await idsOf(service, 'from=+91')).toEqual(['m0'])
    expect(await idsOf(service, 'from=%2091')).toEqual(['m0'])
    for (const other of ['91', '%2B91%20', '%2B%2B91', '%25', '%2B91%00']) {
      expect([other, await idsOf(service, `from=${other}`)]).toEqual([other, []])
    }
  })

  test('takes since as inclusive, in UTC or with an offset and its raw plus', async () => {
    const rows = [{ ts: '2025-01-15T09:59:59.999999Z' }, { ts: '2025-01-15T10:00:00.0Z' }]
    await using service = await serviceWith(rows, transport)
    for (const since of [
      '2025-01-15T10:00:00Z',
      '2025-01-15T10%3A00%3A00.000Z',
      '2025-01-15T15:30:00+05:30',
      '2025-01-15T15:30:00%2B05:30',
      '2025-01-15T02:00:00-08:00',
    ]) {
      expect([since, await idsOf(service, `since=${since}`)]).toEqual([since, ['m1']])
    }
    expect(await idsOf(service, 'since=2025-01-15T10:00:00.000001Z')).toEqual([])
  })

  test('searches in every script ignoring case, with every character as itself', async () => {
    const texts = ['\u00c9cole', '\u043f\u0440\u0438\u0432\u0435\u0442', '5%_\\"*', 'abc', null]
    await using service = await serviceWith(
      texts.map((text) => ({ text })),
      transport,
    )
    const cases: [string, string[]][] = [
      ['\u00e9COLE', ['m0']],
      ['\u041f\u0420\u0418\u0412\u0415\u0422', ['m1']],
      ['%', ['m2']],
      ['_', ['m2']],
      ['\\', ['m2']],
      ['"', ['m2']],
      ['*', ['m2']],
      ['B', ['m3']],
      ['null', []],
      ['abc\0', []],
      ['a OR b', []],
    ]
    for (const [needle, ids] of cases) {
      const found = await idsOf(service, `q=${encodeURIComponent(needle)}`)
      expect([needle, found]).toEqual([needle, ids])
    }
  })
})
