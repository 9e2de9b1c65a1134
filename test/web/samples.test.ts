import { expect, test } from 'bun:test'
import { byLabel, growth, quantileOf, readSamples } from '../../src/web/browser/exposition.ts'
import { startService } from '../support/service.ts'
import { delivery } from '../support/signer.ts'

test('reads what the service really exposes', async () => {
  await using service = await startService()
  for (const init of [delivery(), delivery(), { method: 'POST', body: '' }]) {
    await service.request('/webhook', init)
  }
  const samples = readSamples(await (await service.request('/metrics')).text())
  const results = byLabel(samples, /^webhook_requests_total\{/, 'result')
  expect(results.get('created')).toBe(1)
  expect(results.get('duplicate')).toBe(1)
  expect(results.get('invalid_signature')).toBe(1)
  const durations = /^http_request_duration_seconds_bucket\{.*path="\/webhook"/
  expect(byLabel(samples, durations, 'le').get('+Inf')).toBe(3)
  expect(samples.get('ackbox_stored_messages')).toBe(1)
  expect(samples.get('ackbox_database_bytes')).toBeNaN()
})

test('takes away what was there before', () => {
  const now = new Map([
    ['a', 5],
    ['b', 2],
  ])
  expect([...growth(now, new Map([['a', 3]]))]).toEqual([
    ['a', 2],
    ['b', 2],
  ])
  expect([...growth(now)]).toEqual([...now])
})

test.each([
  [
    0.5,
    [
      ['1', 10],
      ['2', 20],
      ['+Inf', 20],
    ],
    1,
  ],
  [
    0.99,
    [
      ['1', 0],
      ['2', 100],
      ['+Inf', 100],
    ],
    1.99,
  ],
  [
    0.99,
    [
      ['+Inf', 100],
      ['2', 98],
      ['1', 90],
    ],
    2,
  ],
  [
    0.5,
    [
      ['1', 4],
      ['+Inf', 4],
    ],
    0.5,
  ],
] as const)('finds the quantile %d of %j', (quantile, buckets, value) => {
  expect(quantileOf(quantile, new Map(buckets))).toBeCloseTo(value, 6)
})

test('has no quantile of nothing', () => {
  expect(quantileOf(0.99, new Map())).toBeNaN()
  expect(
    quantileOf(
      0.99,
      new Map([
        ['1', 0],
        ['+Inf', 0],
      ]),
    ),
  ).toBeNaN()
})
