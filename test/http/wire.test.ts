import { expect, setDefaultTimeout, test } from 'bun:test'
import { until } from '../support/deadline.ts'
import { openFolder } from '../support/folder.ts'
import { startService } from '../support/service.ts'
import { delivery, fields, signatureOf } from '../support/signer.ts'
import { openConnection, rawRequest } from './connection.ts'

// Above the deadlines of what is waited for, so that those say what did not happen.
setDefaultTimeout(30_000)

const BODY = JSON.stringify(fields())
const SIGNED = { 'X-Signature': signatureOf(BODY) }
const OK = '{"status":"ok"}'

/** A delivery as it goes over the wire. */
const rawDelivery = (message_id: string) => {
  const body = JSON.stringify(fields({ message_id }))
  return rawRequest('POST /webhook', { 'X-Signature': signatureOf(body) }, body)
}

test('answers whatever the Host header says, one letter and nothing too', async () => {
  await using service = await startService({}, 'socket')
  for (const Host of ['a', 'ab', 'a:1', '', '[::1]', 'x y', 'a/b?c#d', 'a@b', '\xe9', '%']) {
    using connection = await openConnection(service.url())
    connection.send(rawRequest('POST /webhook', { ...SIGNED, Host }, BODY))
    connection.send(rawRequest('GET /messages?limit=1', { Host }))
    const posted = await connection.answer()
    expect([Host, posted.status, posted.body]).toEqual([Host, 200, OK])
    const listed = await connection.answer()
    expect([Host, listed.status, JSON.parse(listed.body).limit]).toEqual([Host, 200, 1])
    expect(service.logLines().at(-1)).toMatchObject({ path: '/messages', status: 200 })
  }
})

test('answers HTTP/1.0, as simple health checkers speak it, without a Host', async () => {
  await using service = await startService({}, 'socket')
  using connection = await openConnection(service.url())
  connection.send('GET /health/ready HTTP/1.0\r\n\r\n')
  const { status, body } = await connection.answer()
  expect([status, body]).toEqual([200, '{"status":"ready"}'])
})

test('takes paths as they are: two slashes are not one', async () => {
  await using service = await startService({}, 'socket')
  for (const path of ['//messages', '//a/messages', '/messages//', '/\\stats']) {
    using connection = await openConnection(service.url())
    connection.send(rawRequest(`GET ${path}`, {}))
    expect([path, (await connection.answer()).status]).toEqual([path, 404])
  }
})

test('answers many requests over one connection, also after refusals', async () => {
  await using service = await startService({}, 'socket')
  using connection = await openConnection(service.url())
  for (let n = 0; n < 20; n += 1) {
    connection.send(rawDelivery(`m${n}`))
    expect((await connection.answer()).body).toBe(OK)
    connection.send(rawRequest('POST /webhook', {}, BODY))
    expect((await connection.answer()).status).toBe(401)
  }
  expect(await service.json('/stats')).toMatchObject({ total_messages: 20 })
})

test('answers requests that were sent in one go where each is answered at once', async () => {
  await using service = await startService({}, 'socket')
  using connection = await openConnection(service.url())
  connection.send(
    [
      rawDelivery('m1'),
      rawRequest('GET /messages/m1', {}),
      rawDelivery('m2'),
      rawRequest('GET /nowhere', {}),
      rawRequest('GET /stats', {}),
    ].join(''),
  )
  const statuses: number[] = []
  for (let n = 0; n < 4; n += 1) statuses.push((await connection.answer()).status)
  expect(statuses).toEqual([200, 200, 200, 404])
  expect(JSON.parse((await connection.answer()).body)).toMatchObject({ total_messages: 2 })
})

test('puts no body behind an answer to HEAD', async () => {
  await using service = await startService({}, 'socket')
  using connection = await openConnection(service.url())
  for (const [path, status] of [
    ['/messages', 200],
    ['/metrics', 200],
    ['/messages/m1', 404],
    ['/nowhere', 404],
    ['/webhook', 405],
  ] as const) {
    connection.send(rawRequest(`HEAD ${path}`, {}))
    expect([path, (await connection.answer({ head: true })).status]).toEqual([path, status])
    // A body would stand before this answer and garble it.
    connection.send(rawRequest('GET /health/live', {}))
    expect((await connection.answer()).body).toBe(OK)
  }
})

test('refuses a size that is declared too large before anything of the body comes', async () => {
  await using service = await startService({}, 'socket')
  for (const length of ['1048577', '99999999999999', '18446744073709551616']) {
    using connection = await openConnection(service.url())
    const head = `POST /webhook HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n`
    connection.send(head)
    const { status } = await connection.answer()
    // A length beyond 64 bits is no number to Bun, which answers 400 itself.
    expect([length, status]).toEqual([length, length.length > 19 ? 400 : 413])
  }
})

test('counts a body whose length was sent twice, and refuses one that is too large', async () => {
  await using service = await startService({ BODY_BYTES_MAX: '300' }, 'socket')
  const twice = (length: number) => `Content-Length: ${length}\r\nContent-Length: ${length}`
  using connection = await openConnection(service.url())
  const head = `POST /webhook HTTP/1.1\r\nHost: a\r\nX-Signature: ${signatureOf(BODY)}\r\n`
  connection.send(`${head}${twice(BODY.length)}\r\n\r\n${BODY}`)
  expect((await connection.answer()).body).toBe(OK)
  connection.send(`${head}${twice(2_000_000)}\r\n\r\n${'x'.repeat(301)}`)
  const { status, body } = await connection.answer()
  expect([status, body]).toEqual([413, '{"detail":"body too large"}'])
})

test('stores nothing of a delivery whose sender goes away, and logs it as 499', async () => {
  await using service = await startService({}, 'socket')
  const whole = rawRequest('POST /webhook', SIGNED, BODY)
  const head = 'POST /webhook HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n'
  for (const part of [whole.slice(0, -1), `${head}5\r\n{"mes`]) {
    const before = service.logLines().length
    const connection = await openConnection(service.url())
    connection.send(part)
    await service.request('/health/live')
    connection.destroy()
    const gone = await until('the log line of the sender that went away', () =>
      service
        .logLines()
        .slice(before)
        .find(({ path }) => path === '/webhook'),
    )
    expect(gone).toMatchObject({ status: 499, level: 'INFO', method: 'POST' })
    expect(JSON.stringify(gone)).not.toContain('stack')
  }
  expect(await service.json('/stats')).toMatchObject({ total_messages: 0 })
  expect(await service.metric('http_requests_total{path="/webhook",status="499"}')).toBe(2)
  expect(await service.metric('http_requests_total{path="/webhook",status="500"}')).toBeUndefined()
})

test('of 1,000 simultaneous copies of one id exactly one is created', async () => {
  using folder = openFolder()
  const settings = { DATABASE_URL: `sqlite:///${folder.file('a.db')}` }
  await using service = await startService(settings, 'socket')
  const copies = Array.from({ length: 1000 }, () => service.request('/webhook', delivery()))
  const answers = await Promise.all(copies)
  const bodies = await Promise.all(answers.map((answer) => answer.text()))
  expect(new Set(bodies)).toEqual(new Set([OK]))
  const results = answers.map(({ headers }) => headers.get('x-ackbox-result'))
  expect(results.filter((result) => result === 'created').length).toBe(1)
  expect(results.filter((result) => result === 'duplicate').length).toBe(999)
  expect(await service.metric('webhook_requests_total{result="created"}')).toBe(1)
  expect(await service.metric('webhook_requests_total{result="duplicate"}')).toBe(999)
  expect(await service.metric('webhook_conflicts_total')).toBe(0)
  expect(await service.json('/messages')).toMatchObject({ total: 1 })
})

test('a stop waits for a delivery that is still coming in, and answers it', async () => {
  await using service = await startService({}, 'socket')
  using connection = await openConnection(service.url())
  const whole = rawDelivery('m1')
  // In one packet with a request that is answered, so that the answer shows that it was read.
  connection.send(rawRequest('GET /health/live', {}) + whole.slice(0, -10))
  await connection.answer()
  const stopped = service.stop()
  connection.send(whole.slice(-10))
  expect((await connection.answer()).body).toBe(OK)
  expect(await stopped).toBe(true)
})

test('a stop need not wait for the rest of a body that was refused by its size', async () => {
  await using service = await startService({ BODY_BYTES_MAX: '300' }, 'socket')
  for (const path of ['/webhook', '/nowhere', '/stats']) {
    await service.request(path, { method: 'POST', body: 'x'.repeat(2_000_000) })
  }
  expect(await service.stop()).toBe(true)
})

test('a stop need not wait for the rest of a chunked body that became too large', async () => {
  await using service = await startService({ BODY_BYTES_MAX: '300' }, 'socket')
  using connection = await openConnection(service.url())
  const head = 'POST /webhook HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n'
  connection.send(`${head}1000\r\n${'x'.repeat(301)}`)
  const { status, headers } = await connection.answer()
  expect([status, headers.connection]).toEqual([413, 'close'])
  await connection.ended
  expect(await service.stop()).toBe(true)
})
