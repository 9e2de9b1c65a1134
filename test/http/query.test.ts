import { describe, expect, test } from 'bun:test'
import { startService, TRANSPORTS } from '../support/service.ts'
import { delivery } from '../support/signer.ts'

/** Queries of GET /messages that are refused, and the parameters at fault. */
const REFUSED: readonly (readonly [string, ...string[]])[] = [
  ['limit=0', 'limit'],
  ['limit=101', 'limit'],
  ['limit=-1', 'limit'],
  ['limit=', 'limit'],
  ['limit=1e1', 'limit'],
  ['limit=0x10', 'limit'],
  ['limit=abc', 'limit'],
  ['limit=1.5', 'limit'],
  ['limit=10.0', 'limit'],
  ['limit=+10', 'limit'],
  ['limit=%2B10', 'limit'],
  ['limit=10%20', 'limit'],
  ['limit=10%0A', 'limit'],
  ['limit=1_0', 'limit'],
  ['limit=%D9%A1', 'limit'],
  ['limit=%EF%BC%91', 'limit'],
  ['limit=99999999999999999999999', 'limit'],
  ['offset=-1', 'offset'],
  ['offset=', 'offset'],
  ['offset=1e3', 'offset'],
  ['offset=0b1', 'offset'],
  ['offset=NaN', 'offset'],
  ['offset=Infinity', 'offset'],
  ['since=yesterday', 'since'],
  ['since=2025-01-15', 'since'],
  ['since=2025-02-30T00:00:00Z', 'since'],
  ['since=2025-01-15T10:00:00', 'since'],
  ['since=2025-01-15T10:00:00+24:00', 'since'],
  ['since=2025-01-15T10:00:00%20Z', 'since'],
  ['since=1736935200', 'since'],
  ['since=%00', 'since'],
  ['limit=0&offset=-1&since=now', 'limit', 'offset', 'since'],
  ['limit=10&limit=0', 'limit'],
]

/** Queries that answer all messages, each with one thing odd about it. */
const TAKEN = [
  '',
  'limit=1&limit=50',
  'limit=abc&limit=50',
  'offset=5&offset=0',
  'limit=050&offset=000',
  'from=&since=&q=',
  'from=%2B7&from=',
  'q=nothing&q=Hello',
  'colour=red&Limit=0&limit%5B%5D=0',
  'limit[]=0',
  '&&=&',
  'unknown=%zz',
  '?limit=0',
]

describe.each([...TRANSPORTS])('the query of GET /messages, %s', (transport) => {
  test('is refused where a parameter breaks its rule, naming each and no value', async () => {
    await using service = await startService({}, transport)
    for (const [query, ...names] of REFUSED) {
      const response = await service.request(`/messages?${query}`)
      expect([query, response.status]).toEqual([query, 422])
      const detail = names.map((name) => ({
        type: expect.any(String),
        loc: ['query', name],
        msg: expect.any(String),
      }))
      expect(await response.json()).toEqual({ detail })
    }
  })

  test('is taken where only its form is odd', async () => {
    await using service = await startService({}, transport)
    await service.request('/webhook', delivery())
    for (const query of TAKEN) {
      const page = await service.json(`/messages?${query}`)
      expect([query, page]).toMatchObject([query, { total: 1, limit: 50, offset: 0 }])
      expect((page as { data: unknown[] }).data.length).toBe(1)
    }
  })

  test('echoes an offset beyond any store to the digit, over an empty page', async () => {
    await using service = await startService({}, transport)
    await service.request('/webhook', delivery())
    for (const offset of [
      '9007199254740993',
      '9223372036854775807',
      '9223372036854775808',
      '1'.repeat(100),
    ]) {
      const response = await service.request(`/messages?offset=${offset}`)
      expect(response.status).toBe(200)
      expect(await response.text()).toBe(`{"data":[],"total":1,"limit":50,"offset":${offset}}`)
    }
  })

  test('never breaks the answer, whatever bytes a filter holds', async () => {
    await using service = await startService({}, transport)
    await service.request('/webhook', delivery())
    for (const value of [
      '%00',
      '%ff',
      '%ed%a0%80',
      '%F4%90%80%80',
      '%',
      "'%20OR%201=1",
      '%22%0A',
    ]) {
      for (const name of ['q', 'from']) {
        const response = await service.request(`/messages?${name}=${value}`)
        expect([name, value, response.status]).toEqual([name, value, 200])
        expect(await response.json()).toMatchObject({ data: [], total: 0 })
      }
    }
  })

  test('takes a needle of several thousand characters', async () => {
    await using service = await startService({}, transport)
    const text = 'ab'.repeat(2048)
    await service.request('/webhook', delivery({ text }))
    expect(await service.json(`/messages?q=${text}`)).toMatchObject({ total: 1 })
    expect(await service.json(`/messages?q=${text}c`)).toMatchObject({ total: 0 })
  })
})
