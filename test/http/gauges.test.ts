import { expect, test } from 'bun:test'
import { statSync } from 'node:fs'
import { until } from '../support/deadline.ts'
import { openFolder } from '../support/folder.ts'
import { startService } from '../support/service.ts'
import { delivery } from '../support/signer.ts'

test('shows the sizes of the files', async () => {
  using folder = openFolder()
  const path = folder.file('app.db')
  const settings = { DATABASE_URL: `sqlite:///${path}` }
  await using service = await startService(settings)
  for (const message_id of ['a', 'b', 'c']) {
    await service.request('/webhook', delivery({ message_id }))
  }
  expect(await service.metric('ackbox_database_bytes')).toBe(statSync(path).size)
  expect(await service.metric('ackbox_wal_bytes')).toBe(statSync(`${path}-wal`).size)
  const [file, log] = [`${path}.arrivals`, `${path}.arrivals-wal`]
  const arrivalsBytes = statSync(file).size + statSync(log).size
  expect(await service.metric('ackbox_arrivals_bytes')).toBe(arrivalsBytes)
  expect(await service.metric('ackbox_disk_free_bytes')).toBeGreaterThan(0)
})

test('shows the bounds of the log and of the free space', async () => {
  await using service = await startService({
    WAL_BYTES_MAX: '2097152',
    DISK_FREE_BYTES_MIN: '12345',
  })
  expect(await service.metric('ackbox_wal_bound_bytes')).toBe(2_097_152)
  expect(await service.metric('ackbox_disk_free_floor_bytes')).toBe(12_345)
})

test('shows when the last commit ended', async () => {
  await using service = await startService()
  const last = () => service.metric('webhook_last_commit_timestamp_seconds')
  expect(await last()).toBe(0)
  const before = Date.now() / 1000
  await service.request('/webhook', delivery())
  const committed = (await last()) ?? 0
  expect(committed).toBeGreaterThanOrEqual(before)
  expect(committed).toBeLessThanOrEqual(Date.now() / 1000)
})

test('shows no sizes for a database in memory', async () => {
  await using service = await startService()
  for (const name of ['database', 'arrivals', 'wal', 'search', 'disk_free']) {
    expect(await service.metric(`ackbox_${name}_bytes`)).toBeNaN()
  }
})

test('counts each duration by the route and the class of its status', async () => {
  await using service = await startService()
  for (const path of ['/messages/a', '/messages/b', '/messages?limit=0', '/x', '/y']) {
    await service.request(path)
  }
  await service.request('/webhook', delivery())
  const count = (path: string, statusClass: string) =>
    service.metric(
      `http_request_duration_seconds_count{path="${path}",status_class="${statusClass}"}`,
    )
  expect(await count('/messages/{message_id}', '4xx')).toBe(2)
  expect(await count('/messages', '4xx')).toBe(1)
  expect(await count('unmatched', '4xx')).toBe(2)
  expect(await count('/webhook', '2xx')).toBe(1)
})

test('observes how late the event loop is', async () => {
  await using service = await startService()
  const count = () => service.metric('ackbox_event_loop_lag_seconds_count')
  await until('a tick of the clock that watches the loop', async () => ((await count()) ?? 0) > 0)
  const blocked = () => service.metric('ackbox_event_loop_lag_seconds_bucket{le="0.5"}')
  const before = [await count(), await blocked()]
  Bun.sleepSync(1100)
  await until('the tick that was late', async () => (await count()) !== before[0])
  expect(await blocked()).toBe(before[1])
})
