import { describe, expect, test } from 'bun:test'
import { startService, TRANSPORTS } from '../support/service.ts'
import { delivery, fields, signed } from '../support/signer.ts'

const TAKEN = {
  message_id: ['x', ' x ', '\0', 'x'.repeat(256), '\u{1F600}'.repeat(256), 'a/b?c#d'],
  from: ['+1', `+${'9'.repeat(32)}`],
  to: ['+1', `+${'0'.repeat(32)}`],
  ts: [
    '2024-02-29T23:59:59Z',
    '0001-01-01T00:00:00.000001Z',
    '9999-12-31T23:59:59.999999Z',
    '2025-01-15T10:00:00.5Z',
  ],
  text: [null, undefined, '', ' ', '\u{1F600}'.repeat(4096), 'x'.repeat(4096), '\0'],
}

const REFUSED = {
  message_id: [
    undefined,
    null,
    1,
    true,
    ['m'],
    {},
    '',
    ' ',
    '\t\n\u3000',
    'x'.repeat(257),
    '\u{1F600}'.repeat(257),
    '\ud800',
  ],
  from: [
    undefined,
    null,
    919876543210,
    '',
    '+',
    '1',
    '919876543210',
    '+91-98',
    ' +1',
    '+1 ',
    '+1\n',
    '+1\0',
    '++1',
    '+\u0661\u0662',
    '+\uff11',
    `+${'1'.repeat(33)}`,
  ],
  to: [undefined, null, 1, '+', '+1\n', '\uff0b1'],
  ts: [
    undefined,
    null,
    1736935200,
    '',
    '2025-01-15',
    '2025-01-15T10:00Z',
    '2025-01-15T10:00:00',
    '2025-01-15T10:00:00z',
    '2025-01-15t10:00:00Z',
    '2025-01-15 10:00:00Z',
    '2025-01-15T10:00:00+00:00',
    '2025-01-15T10:00:00.Z',
    '2025-01-15T10:00:00.1234567Z',
    '2025-02-30T10:00:00Z',
    '2023-02-29T10:00:00Z',
    '2025-13-01T10:00:00Z',
    '2025-00-01T10:00:00Z',
    '2025-01-00T10:00:00Z',
    '2025-01-15T24:00:00Z',
    '2025-01-15T10:60:00Z',
    '2025-01-15T10:00:60Z',
    '12025-01-15T10:00:00Z',
    '2025-01-15T10:00:00Z\n',
    '\u0662\u0660\u0662\u0665-01-15T10:00:00Z',
  ],
  text: [1, true, ['Hello'], {}, 'x'.repeat(4097), '\u{1F600}'.repeat(4097), '\udc00 low'],
}

const rows = (table: Record<string, readonly unknown[]>) =>
  Object.entries(table).flatMap(([name, values]) => values.map((value) => [name, value] as const))

describe.each([...TRANSPORTS])('the fields of a delivery, %s', (transport) => {
  test('are taken at the edges of their rules', async () => {
    await using service = await startService({}, transport)
    for (const [index, [name, value]] of rows(TAKEN).entries()) {
      const init = delivery({ message_id: `m${index}`, [name]: value })
      const { status } = await service.request('/webhook', init)
      expect([name, value, status]).toEqual([name, value, 200])
    }
    expect(await service.json('/stats')).toMatchObject({ total_messages: rows(TAKEN).length })
  })

  test('are refused just beyond, each with its place and never with its value', async () => {
    await using service = await startService({}, transport)
    for (const [name, value] of rows(REFUSED)) {
      const response = await service.request('/webhook', delivery({ [name]: value }))
      expect([name, value, response.status]).toEqual([name, value, 422])
      expect(await response.json()).toEqual({
        detail: [{ type: expect.any(String), loc: ['body', name], msg: expect.any(String) }],
      })
    }
    expect(await service.json('/stats')).toMatchObject({ total_messages: 0 })
  })

  test('are all listed when all are at fault', async () => {
    await using service = await startService({}, transport)
    const body = JSON.stringify({ message_id: 1, from: 'x', to: [], ts: 'now', text: 5 })
    const answer = (await service.json('/webhook', signed(body))) as { detail: { loc: string[] }[] }
    const names = answer.detail.map(({ loc }) => loc.join('.'))
    expect(names).toEqual(['body.message_id', 'body.from', 'body.to', 'body.ts', 'body.text'])
  })

  test('are never echoed', async () => {
    await using service = await startService({}, transport)
    const canary = 'canary4711'
    const values = { message_id: [canary], from: canary, to: canary, ts: canary, text: [canary] }
    for (const body of [JSON.stringify(values), `{"${canary}": ${canary}`, `"${canary}"`]) {
      const response = await service.request('/webhook', signed(body))
      expect(response.status).toBe(422)
      expect(await response.text()).not.toContain(canary)
    }
    expect(service.logText()).not.toContain(canary)
  })

  test('come back exactly as they were sent, in every script', async () => {
    await using service = await startService({}, transport)
    const text =
      'e\u0301 \u{1F468}\u200d\u{1F469} \u0645\u0631\u062d\u0628\u0627 "\\%_*\0\u2028\ufeff'
    const sent = fields({ message_id: '\u00e9 \ufeff', ts: '2025-01-15T10:00:00.500000Z', text })
    await service.request('/webhook', delivery(sent))
    expect(await service.json('/messages')).toMatchObject({ data: [sent], total: 1 })
  })
})
