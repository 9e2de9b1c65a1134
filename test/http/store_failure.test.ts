import { Database } from 'bun:sqlite'
import { expect, setDefaultTimeout, test } from 'bun:test'
import { closeSync, openSync, statSync, writeSync } from 'node:fs'
import { openFolder } from '../support/folder.ts'
import { startService, type TestService } from '../support/service.ts'
import { delivery } from '../support/signer.ts'

// Above the deadlines of what is waited for, so that those say what did not happen.
setDefaultTimeout(30_000)

const READS = ['/messages', '/messages/m1', '/stats', '/messages?q=x']

async function expectUnavailable(service: TestService, path: string, init?: RequestInit) {
  const response = await service.request(path, init)
  expect([path, response.status]).toEqual([path, 503])
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(response.headers.get('x-request-id')).not.toBeNull()
  expect(await response.json()).toEqual({ detail: 'database not ready' })
}

const PAGE_BYTES = 4096

/** Overwrites all but the first page, as a failing disk might. */
function damage(path: string): void {
  const { size } = statSync(path)
  const file = openSync(path, 'r+')
  writeSync(file, new Uint8Array(size - PAGE_BYTES).fill(0xa5), 0, size - PAGE_BYTES, PAGE_BYTES)
  closeSync(file)
}

test.each(['memory', 'file'])('a store that is closed is 503, in %s', async (kind) => {
  using folder = openFolder()
  const path = kind === 'memory' ? ':memory:' : folder.file('a.db')
  await using service = await startService({ DATABASE_URL: `sqlite:///${path}` })
  await service.stop()
  await expectUnavailable(service, '/webhook', delivery())
  for (const read of READS) await expectUnavailable(service, read)
  const result = 'webhook_requests_total{result="store_unavailable"}'
  expect(await service.metric(result)).toBe(1)
  expect(service.logLines().filter(({ status }) => status === 503).length).toBe(1 + READS.length)
})

test('a database that is damaged underneath is 503 to those who read it', async () => {
  using folder = openFolder()
  const path = folder.file('a.db')
  const settings = { DATABASE_URL: `sqlite:///${path}` }
  {
    await using service = await startService(settings)
    for (let n = 0; n < 100; n += 1) {
      await service.request('/webhook', delivery({ message_id: `m${n}` }))
    }
  }
  await using service = await startService(settings)
  damage(path)
  for (const read of READS) await expectUnavailable(service, read)
  const line = service.logLines().at(-1)
  expect(line).toMatchObject({ level: 'ERROR', error: { message: 'database not ready' } })
  expect(JSON.stringify(line)).toContain('malformed')
  expect(JSON.stringify(line)).not.toContain('stack')
  expect((await service.request('/health/live')).status).toBe(200)
})

test('what nobody foresaw is a plain 500 to the client, and a stack trace in the log', async () => {
  using folder = openFolder()
  const path = folder.file('a.db')
  await using service = await startService({ DATABASE_URL: `sqlite:///${path}` })
  using other = new Database(path)
  other.run('ALTER TABLE messages RENAME TO lost')
  const requests = [['/webhook', delivery()] as const, ...READS.map((read) => [read] as const)]
  for (const [target, init] of requests) {
    const response = await service.request(target, init)
    expect([target, response.status]).toEqual([target, 500])
    expect(response.headers.get('x-request-id')).not.toBeNull()
    expect(await response.text()).toBe('{"detail":"Internal Server Error"}')
    const line = service.logLines().at(-1)
    expect(line).toMatchObject({ level: 'ERROR', error: { stack: expect.any(String) } })
    expect(JSON.stringify(line)).toContain('no such table')
  }
  // So that the service can stop in order.
  other.run('ALTER TABLE lost RENAME TO messages')
})
