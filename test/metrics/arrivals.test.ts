import { expect, test } from 'bun:test'
import { startService } from '../support/service.ts'
import { delivery } from '../support/signer.ts'

const LAG = 'webhook_arrival_lag_seconds'
const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString()

test('observes for what is stored how long after its ts each of it came', async () => {
  await using service = await startService()
  const sent = [
    { message_id: 'now', ts: ago(0) },
    { message_id: 'later', ts: ago(20) },
    { message_id: 'old', ts: '0001-01-01T00:00:00Z' },
    { message_id: 'fraction', ts: '2025-01-15T10:00:00.123456Z' },
    { message_id: 'future', ts: ago(-600) },
  ]
  // A duplicate is stored no second time and has come before.
  for (const changes of [...sent, ...sent]) await service.request('/webhook', delivery(changes))
  expect(await service.metric(`${LAG}_count`)).toBe(5)
  expect(await service.metric(`${LAG}_bucket{le="10"}`)).toBe(2)
  expect(await service.metric(`${LAG}_bucket{le="30"}`)).toBe(3)
  expect(await service.metric(`${LAG}_bucket{le="86400"}`)).toBe(3)
})

test('takes a message that is dated in the future as one that came at once', async () => {
  await using service = await startService()
  await service.request('/webhook', delivery({ ts: ago(-600) }))
  expect(await service.metric(`${LAG}_count`)).toBe(1)
  expect(await service.metric(`${LAG}_sum`)).toBe(0)
})
