import { expect, test } from 'bun:test'
import { statSync } from 'node:fs'
import { until } from '../support/deadline.ts'
import { openFolder } from '../support/folder.ts'
import { startService } from '../support/service.ts'
import { delivery } from '../support/signer.ts'

test('shows the sizes of the files, and what the store held at the start', async () => {
  using folder = openFolder()
  const path = folder.file('app.db')
  const settings = { DATABASE_URL: `sqlite:///${path}` }
  {
    await using service = await startService(settings)
    for (const message_id of ['a', 'b', 'c']) {
      await service.request('/webhook', delivery({ message_id }))
    }
    expect(await service.metric('ackbox_database_bytes')).toBe(statSync(path).size)
    expect(await service.metric('ackbox_wal_bytes')).toBe(statSync(`${path}-wal`).size)
    expect(await service.metric('ackbox_disk_free_bytes')).toBeGreaterThan(0)
  }
  await using service = await startService(settings)
  expect(await service.metric('ackbox_stored_messages')).toBe(3)
  for (const message_id of ['d', 'd', 'a']) {
    await service.request('/webhook', delivery({ message_id }))
  }
  expect(await service.metric('ackbox_stored_messages')).toBe(4)
})

test('shows no sizes for a database in memory', async () => {
  await using service = await startService()
  for (const name of ['database', 'wal', 'search', 'disk_free']) {
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
