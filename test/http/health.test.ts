import { describe, expect, test } from 'bun:test'
import { openReadiness } from '../../src/http/health.ts'
import { StoreUnavailable } from '../../src/store.ts'
import { openFolder } from '../support/folder.ts'
import { startService, TRANSPORTS } from '../support/service.ts'

describe.each([...TRANSPORTS])('health, %s', (transport) => {
  test('says in exact words that it lives and that it is ready', async () => {
    await using service = await startService({}, transport)
    for (const [path, body] of [
      ['/health/live', '{"status":"ok"}'],
      ['/health/ready', '{"status":"ready"}'],
    ] as const) {
      const response = await service.request(path)
      expect([path, response.status, await response.text()]).toEqual([path, 200, body])
      expect(response.headers.get('content-type')).toBe('application/json')
    }
  })

  test('is ready on a file too, and its checks are no messages', async () => {
    using folder = openFolder()
    const settings = { DATABASE_URL: `sqlite:///${folder.file('a.db')}` }
    await using service = await startService(settings, transport)
    const probes = Array.from({ length: 20 }, () => service.request('/health/ready'))
    expect((await Promise.all(probes)).map(({ status }) => status)).toEqual(Array(20).fill(200))
    expect(await service.json('/stats')).toMatchObject({ total_messages: 0 })
  })
})

test('once stopping it lives but is not ready, and says why', async () => {
  await using service = await startService()
  await service.stop()
  expect((await service.request('/health/live')).status).toBe(200)
  const response = await service.request('/health/ready')
  expect(response.status).toBe(503)
  expect(response.headers.get('retry-after')).not.toBeNull()
  expect(await response.text()).toBe('{"status":"not ready","reason":"shutting down"}')
})

test('gives the reason that the store gives, and the general one for anything else', async () => {
  for (const [error, reason] of [
    [new StoreUnavailable('storage full', undefined), 'storage full'],
    [new StoreUnavailable('database not ready', undefined), 'database not ready'],
    [new Error('no such table: readiness'), 'database not ready'],
  ] as const) {
    const ready = openReadiness({ stopping: () => false, check: () => Promise.reject(error) })
    const response = await ready()
    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({ status: 'not ready', reason })
  }
})

test('probes that come while one is under way share its check, and later ones do not', async () => {
  let checks = 0
  const gate = Promise.withResolvers<void>()
  const check = () => {
    checks += 1
    return gate.promise
  }
  const ready = openReadiness({ stopping: () => false, check })
  const probes = [ready(), ready(), ready()]
  gate.resolve()
  expect((await Promise.all(probes)).map(({ status }) => status)).toEqual([200, 200, 200])
  expect(checks).toBe(1)
  await ready()
  expect(checks).toBe(2)
})
