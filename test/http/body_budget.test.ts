import { describe, expect, test } from 'bun:test'
import { BodyBudget } from '../../src/http/body_budget.ts'
import { startService } from '../support/service.ts'
import { delivery } from '../support/signer.ts'
import { openConnection } from './connection.ts'

const KIB = 1024
const MIB = 1024 * KIB

describe('the budget for bodies', () => {
  test('has room until large bodies fill it, and again when one is given back', () => {
    const budget = new BodyBudget(100 * KIB)
    expect(budget.take(0, 60 * KIB)).toBe(true)
    expect(budget.take(0, 60 * KIB)).toBe(false)
    expect(budget.take(0, 40 * KIB)).toBe(true)
    expect(budget.take(0, 17 * KIB)).toBe(false)
    budget.giveBack(40 * KIB)
    expect(budget.take(0, 40 * KIB)).toBe(true)
  })

  test('always has room for a body of 16 KiB', () => {
    const budget = new BodyBudget(0)
    expect(budget.take(0, 16 * KIB)).toBe(true)
    expect(budget.take(0, 16 * KIB + 1)).toBe(false)
  })

  test('counts a body that grows as what it has grown to', () => {
    const budget = new BodyBudget(40 * KIB)
    expect(budget.take(0, 10 * KIB)).toBe(true)
    expect(budget.take(10 * KIB, 20 * KIB)).toBe(true)
    expect(budget.take(20 * KIB, 40 * KIB)).toBe(true)
    expect(budget.take(40 * KIB, 41 * KIB)).toBe(false)
    budget.giveBack(40 * KIB)
    expect(budget.take(0, 40 * KIB)).toBe(true)
  })
})

const HEAD = 'POST /webhook HTTP/1.1\r\nHost: a\r\n'

const start = (length: string) => `${HEAD}${length}\r\n\r\n`

const FULL = { detail: 'too many large bodies are being read' }

test('large bodies beyond the memory for them are refused, but no message is', async () => {
  await using service = await startService({ BODY_BYTES_MAX: String(50 * MIB) }, 'socket')
  using first = await openConnection(service.url())
  first.send(`${start(`Content-Length: ${40 * MIB}`)}x`)
  for (const length of [`Content-Length: ${40 * MIB}`, 'Transfer-Encoding: chunked']) {
    await service.request('/health/live')
    using second = await openConnection(service.url())
    second.send(start(length))
    if (length.startsWith('Transfer'))
      second.send(`${(30 * MIB).toString(16)}\r\n${'x'.repeat(30 * MIB)}`)
    const { status, headers, body } = await second.answer()
    expect([status, headers['retry-after'], JSON.parse(body)]).toEqual([503, '1', FULL])
    await second.ended
  }
  expect((await service.request('/webhook', delivery())).status).toBe(200)
  expect(await service.metric('webhook_requests_total{result="bodies_full"}')).toBe(2)
  first.destroy()
})
