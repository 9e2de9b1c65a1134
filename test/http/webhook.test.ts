import { describe, expect, test } from 'bun:test'
import { openFolder } from '../support/folder.ts'
import { startService, TRANSPORTS } from '../support/service.ts'
import { delivery, fields, signatureOf, signed } from '../support/signer.ts'

const MIB = 1_048_576

/** A valid message whose body is exactly so many bytes long, by a field that is ignored. */
function bodyOf(bytes: number): string {
  const body = JSON.stringify(fields({ padding: '' }))
  return body.replace('"padding":""', `"padding":"${'x'.repeat(bytes - body.length)}"`)
}

function chunked(body: string): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(body)
  const half = Math.floor(bytes.length / 2)
  return new ReadableStream({
    start(controller) {
      controller.enqueue(bytes.subarray(0, half))
      controller.enqueue(bytes.subarray(half))
      controller.close()
    },
  })
}

describe.each([...TRANSPORTS])('POST /webhook, %s', (transport) => {
  test('answers exactly {"status":"ok"} for a new message and for a duplicate', async () => {
    await using service = await startService({}, transport)
    for (const result of ['created', 'duplicate']) {
      const response = await service.request('/webhook', delivery())
      expect(response.status).toBe(200)
      expect(await response.text()).toBe('{"status":"ok"}')
      expect(response.headers.get('content-type')).toBe('application/json')
      expect(response.headers.get('x-ackbox-result')).toBe(result)
    }
  })

  test('takes a body whatever its content type says', async () => {
    await using service = await startService({}, transport)
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const init = signed(JSON.stringify(fields({ message_id: type })), { 'Content-Type': type })
      expect((await service.request('/webhook', init)).status).toBe(200)
    }
    expect(await service.json('/stats')).toMatchObject({ total_messages: 3 })
  })

  test('keeps the first message of an id for ever, and takes any later one as a copy', async () => {
    await using service = await startService({}, transport)
    await service.request('/webhook', delivery({ text: 'first' }))
    const later = await service.request('/webhook', delivery({ text: 'second' }))
    expect(later.status).toBe(200)
    expect(await service.json('/messages/m1')).toMatchObject({ text: 'first', seq: 1 })
  })

  test('ignores fields it does not know and the order of those it does', async () => {
    await using service = await startService({}, transport)
    const body = JSON.stringify({ ...fields(), seq: 99, received_at: 'x', __proto__: null, a: {} })
    const reversed = JSON.stringify(Object.fromEntries(Object.entries(fields()).reverse()))
    for (const each of [body, reversed]) {
      expect((await service.request('/webhook', signed(each))).status).toBe(200)
    }
    expect(await service.metric('webhook_conflicts_total')).toBe(0)
    expect(await service.json('/messages/m1')).toMatchObject({ seq: 1 })
  })

  test('takes a body of exactly the limit and refuses one byte more, declared', async () => {
    await using service = await startService({}, transport)
    const declared = (body: string) =>
      signed(body, { 'Content-Length': String(Buffer.byteLength(body)) })
    expect((await service.request('/webhook', declared(bodyOf(MIB)))).status).toBe(200)
    const refused = await service.request('/webhook', declared(bodyOf(MIB + 1)))
    expect(refused.status).toBe(413)
    expect(await refused.text()).toBe('{"detail":"body too large"}')
  })

  test('takes a chunked body of exactly the limit and refuses one byte more', async () => {
    await using service = await startService({}, transport)
    const post = (body: string) =>
      service.request('/webhook', { ...signed(body), body: chunked(body) })
    expect((await post(bodyOf(MIB))).status).toBe(200)
    const refused = await post(bodyOf(MIB + 1))
    expect(refused.status).toBe(413)
    expect(await refused.text()).toBe('{"detail":"body too large"}')
  })

  test('looks at the size before the signature, and at the signature before the body', async () => {
    await using service = await startService({ BODY_BYTES_MAX: '300' }, transport)
    const unsigned = (body: string) => ({ method: 'POST', body })
    const cases = [
      [413, unsigned('x'.repeat(301))],
      [413, { ...unsigned('x'), body: chunked('x'.repeat(301)) }],
      [401, unsigned('not JSON')],
      [401, { ...signed('not JSON'), body: 'not json' }],
      [422, signed('not JSON')],
    ] as const
    for (const [status, init] of cases) {
      expect((await service.request('/webhook', init)).status).toBe(status)
    }
  })

  test('stores nothing of what it refuses', async () => {
    await using service = await startService({ BODY_BYTES_MAX: '300' }, transport)
    const valid = JSON.stringify(fields())
    const wrong = { 'X-Signature': signatureOf(`${valid} `) }
    const statuses = [
      signed(valid, wrong),
      signed(`${valid}${' '.repeat(300)}`),
      signed(JSON.stringify(fields({ ts: '2025-02-30T00:00:00Z' }))),
    ].map(async (init) => (await service.request('/webhook', init)).status)
    expect(await Promise.all(statuses)).toEqual([401, 413, 422])
    expect(await service.json('/messages')).toEqual({ data: [], total: 0, limit: 50, offset: 0 })
    expect((await service.request('/messages/m1')).status).toBe(404)
  })

  test('numbers messages by seq in the order of their commits', async () => {
    await using service = await startService({}, transport)
    for (const message_id of ['b', 'a', 'b', 'c']) {
      await service.request('/webhook', delivery({ message_id }))
    }
    const seqs = ['b', 'a', 'c'].map((id) => service.json(`/messages/${id}`))
    const numbers = (await Promise.all(seqs)).map((each) => (each as { seq: number }).seq)
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
    expect(new Set(numbers).size).toBe(3)
  })

  test('asks to come back when the queue is full, and stores what it acknowledged', async () => {
    using folder = openFolder()
    const settings = { QUEUE_MESSAGES_MAX: '2', DATABASE_URL: `sqlite:///${folder.file('a.db')}` }
    await using service = await startService(settings, transport)
    const posts = Array.from({ length: 64 }, (_, n) =>
      service.request('/webhook', delivery({ message_id: `m${n}` })),
    )
    const answers = await Promise.all(posts)
    const refused = answers.filter(({ status }) => status === 503)
    const stored = answers.filter(({ status }) => status === 200).length
    expect(refused.length).toBeGreaterThan(0)
    expect(refused.length + stored).toBe(64)
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await refused[0]?.json()).toEqual({ detail: expect.any(String) })
    expect(await service.metric('webhook_requests_total{result="queue_full"}')).toBe(refused.length)
    expect(await service.json('/stats')).toMatchObject({ total_messages: stored })
  })
})

test('a stop commits and answers all that waits for the disk', async () => {
  using folder = openFolder()
  await using service = await startService({ DATABASE_URL: `sqlite:///${folder.file('a.db')}` })
  // Several batches of the largest size, most of which wait when the first answer is there.
  const posts = Array.from({ length: 4000 }, (_, n) =>
    service.request('/webhook', delivery({ message_id: `m${n}` })),
  )
  await Promise.race(posts)
  const waiting = await service.metric('webhook_queue_depth_messages')
  expect(await service.stop()).toBe(true)
  const answers = await Promise.all(posts)
  const stored = answers.filter(({ status }) => status === 200).length
  expect(stored).toBeGreaterThanOrEqual(Number(waiting))
})
