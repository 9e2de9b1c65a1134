import { Database } from 'bun:sqlite'
import { expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { type Connection, openConnection, rawRequest } from '../http/connection.ts'
import { until } from '../support/deadline.ts'
import { type Folder, openFolder } from '../support/folder.ts'
import { startProcess } from '../support/process.ts'
import { delivery, fields, signatureOf } from '../support/signer.ts'

// Above the deadlines of what is waited for, so that those say what did not happen.
setDefaultTimeout(30_000)

const OK = '{"status":"ok"}'

const on = (folder: Folder) => ({ DATABASE_URL: `sqlite:///${folder.file('app.db')}` })

const totalOf = async (url: string) => {
  const stats = (await (await fetch(`${url}/stats`)).json()) as { total_messages: number }
  return stats.total_messages
}

/** Sends all of a delivery but its end, waits until the service reads it, and returns the end. */
async function sendMost(connection: Connection, url: string, message_id: string): Promise<string> {
  const body = JSON.stringify(fields({ message_id }))
  const whole = rawRequest('POST /webhook', { 'X-Signature': signatureOf(body) }, body)
  // In one packet with a request that is answered, so that the answer shows that it was read.
  connection.send(rawRequest('GET /health/live', {}) + whole.slice(0, -10))
  await connection.answer()
  await fetch(`${url}/health/live`)
  return whole.slice(-10)
}

test('keeps what it acknowledged over a stop and a start, and leaves only its file', async () => {
  using folder = openFolder()
  const sent = Array.from({ length: 50 }, (_, n) => `m${n}`)
  {
    await using service = startProcess(on(folder))
    const url = await service.url()
    for (const message_id of sent) await fetch(`${url}/webhook`, delivery({ message_id }))
    service.signal('SIGTERM')
    expect(await service.exited()).toBe(0)
    for (const suffix of ['-wal', '-shm', '-journal']) {
      expect([suffix, existsSync(folder.file(`app.db${suffix}`))]).toEqual([suffix, false])
    }
  }
  await using service = startProcess(on(folder))
  const url = await service.url()
  const page = await (await fetch(`${url}/messages?limit=100`)).json()
  const ids = (page as { data: { message_id: string }[] }).data.map((row) => row.message_id)
  expect(ids).toEqual(sent.toSorted())
})

test.each(['SIGTERM', 'SIGINT'] as const)('answers all it accepted before %s', async (name) => {
  using folder = openFolder()
  {
    await using service = startProcess(on(folder))
    const url = await service.url()
    using kept = await openConnection(url)
    using other = await openConnection(url)
    const endings = [await sendMost(kept, url, 'm1'), await sendMost(other, url, 'm2')] as const
    service.signal(name)
    await service.logged('stopping')
    await expect(fetch(`${url}/health/live`)).rejects.toThrow()
    kept.send(endings[0])
    expect((await kept.answer()).body).toBe(OK)
    other.send(endings[1])
    expect((await other.answer()).body).toBe(OK)
    expect(await service.exited()).toBe(0)
    expect(existsSync(folder.file('app.db-wal'))).toBe(false)
    const last = service.stdout().trim().split('\n').at(-1)
    expect(JSON.parse(last ?? '')).toMatchObject({ msg: 'stopped', level: 'INFO' })
  }
  await using service = startProcess(on(folder))
  expect(await totalOf(await service.url())).toBe(2)
})

test('says over a kept connection that it is not ready, once it stops', async () => {
  await using service = startProcess({ DATABASE_URL: 'sqlite:///:memory:' })
  const url = await service.url()
  using kept = await openConnection(url)
  const ending = await sendMost(kept, url, 'm1')
  service.signal('SIGTERM')
  await service.logged('stopping')
  kept.send(ending + rawRequest('GET /health/ready', {}))
  expect((await kept.answer()).body).toBe(OK)
  const { status, body } = await kept.answer()
  expect([status, JSON.parse(body).reason]).toEqual([503, 'shutting down'])
  expect(await service.exited()).toBe(0)
})

test('ends at once at a second signal', async () => {
  await using service = startProcess({ DATABASE_URL: 'sqlite:///:memory:' })
  const url = await service.url()
  using hanging = await openConnection(url)
  await sendMost(hanging, url, 'm1')
  service.signal('SIGTERM')
  await service.logged('stopping')
  service.signal('SIGTERM')
  expect(await service.exited()).toBe(143)
})

test('cuts a sender that never ends, in time to close the store in order', async () => {
  using folder = openFolder()
  // A busy machine takes its time to close a store, too.
  await using service = startProcess({ ...on(folder), SHUTDOWN_SECONDS: '4' })
  const url = await service.url()
  using hanging = await openConnection(url)
  await sendMost(hanging, url, 'm1')
  await fetch(`${url}/webhook`, delivery({ message_id: 'm2' }))
  service.signal('SIGTERM')
  expect(await service.exited()).toBe(0)
  await service.logged('cut the connections that were still open')
  expect(existsSync(folder.file('app.db-wal'))).toBe(false)
  await using next = startProcess(on(folder))
  expect(await totalOf(await next.url())).toBe(1)
})

test('says so and fails when it cannot stop in time', async () => {
  using folder = openFolder()
  await using service = startProcess({ ...on(folder), SHUTDOWN_SECONDS: '1' })
  const url = await service.url()
  await fetch(`${url}/webhook`, delivery({ message_id: 'm1' }))
  // Somebody else's transaction keeps the writer waiting.
  using db = new Database(folder.file('app.db.arrivals'))
  db.run('BEGIN IMMEDIATE')
  const unanswered = fetch(`${url}/webhook`, delivery({ message_id: 'm2' })).catch(() => undefined)
  await until('the delivery waits', async () => {
    const metrics = await (await fetch(`${url}/metrics`)).text()
    return metrics.includes('\nwebhook_queue_depth_messages 1\n')
  })
  service.signal('SIGTERM')
  expect(await service.exited()).toBe(1)
  await service.logged('not stopped in time')
  db.run('ROLLBACK')
  expect((await unanswered)?.status).not.toBe(200)
})

test('does not wait for a connection that is idle or was never used', async () => {
  await using service = startProcess({ DATABASE_URL: 'sqlite:///:memory:' })
  const url = await service.url()
  using used = await openConnection(url)
  used.send(rawRequest('GET /health/live', {}))
  await used.answer()
  using _unused = await openConnection(url)
  await fetch(`${url}/health/live`)
  service.signal('SIGTERM')
  expect(await service.exited()).toBe(0)
  await used.ended
})
