import { describe, expect, test } from 'bun:test'
import { type LogLine, startService, TRANSPORTS } from '../support/service.ts'
import { delivery, fields, SECRET, signatureOf, signed } from '../support/signer.ts'

const BASE = ['level', 'ts', 'request_id', 'method', 'path', 'status', 'latency_ms']

/** How long a slow sender waits with its body: no timer ends in half its time, nor in a second. */
const SLOW_BODY_MILLISECONDS = 200

/** A line without what differs from run to run. */
const stable = ({ ts: _ts, request_id: _id, latency_ms: _latency, ...rest }: LogLine) => rest

describe.each([...TRANSPORTS])('the log, %s', (transport) => {
  test('has one line for each request, with the fields of the contract', async () => {
    await using service = await startService({}, transport)
    const paths = ['/health/live', '/messages?q=secret', '/nowhere', '/stats', '/messages/x']
    for (const path of paths) await service.request(path)
    const lines = service.logLines()
    expect(lines.map(({ path }) => path)).toEqual(paths.map((path) => path.replace(/\?.*/, '')))
    for (const line of lines) {
      expect(Object.keys(line)).toEqual(BASE)
      expect(new Date(String(line.ts)).toISOString()).toBe(String(line.ts))
      expect(line).toMatchObject({ level: 'INFO', method: 'GET', latency_ms: expect.any(Number) })
      expect(line.request_id).toMatch(/^[A-Za-z0-9._-]{1,128}$/)
    }
    expect(lines.map(({ status }) => status)).toEqual([200, 200, 404, 200, 404])
  })

  test('says of each delivery what became of it, in the same line', async () => {
    await using service = await startService({ BODY_BYTES_MAX: '300' }, transport)
    for (const init of [
      delivery(),
      delivery(),
      delivery({ text: 'other' }),
      delivery({ message_id: 'm2', from: 'x' }),
      delivery({ message_id: 5 }),
      signed('['),
      { method: 'POST', body: JSON.stringify(fields()) },
      signed('x'.repeat(301)),
    ]) {
      await service.request('/webhook', init)
    }
    const line = (level: string, status: number, result: string, rest: object) => ({
      level,
      method: 'POST',
      path: '/webhook',
      status,
      result,
      dup: result === 'duplicate',
      ...rest,
    })
    const signer = { key: 'current' }
    const known = { message_id: 'm1', ...signer }
    expect(service.logLines().map(stable)).toEqual([
      line('INFO', 200, 'created', known),
      line('INFO', 200, 'duplicate', known),
      line('WARNING', 200, 'duplicate', { ...known, conflict: true }),
      line('INFO', 422, 'validation_error', { message_id: 'm2', ...signer }),
      line('INFO', 422, 'validation_error', signer),
      line('INFO', 422, 'validation_error', signer),
      line('INFO', 401, 'invalid_signature', {}),
      line('INFO', 413, 'body_too_large', {}),
    ])
  })

  test('never holds a body, a text, a secret, a signature or a stack trace', async () => {
    await using service = await startService({}, transport)
    const body = JSON.stringify(fields({ text: 'canary4711', other: 'canary4712' }))
    const wrong = signatureOf(body, 'another')
    await service.request('/webhook', signed(body))
    await service.request('/webhook', signed(body, { 'X-Signature': wrong }))
    await service.request('/webhook', signed(`${body}canary4713`))
    await service.request('/messages?q=canary4711')
    const text = service.logText()
    expect(text.split('\n').length).toBe(5)
    for (const each of ['canary', SECRET, signatureOf(body), wrong, '+919876543210', 'stack']) {
      expect([each, text.includes(each)]).toEqual([each, false])
    }
  })

  test('is one JSON object a line, whatever stands in an id or a path', async () => {
    await using service = await startService({}, transport)
    const ids = ['a\nb', 'a\r\n{"level":"ERROR"}', '"}', 'a\u2028\u2029', '\0\x1b[31m', '\u{1F600}']
    for (const message_id of ids) await service.request('/webhook', delivery({ message_id }))
    for (const id of ids) await service.request(`/messages/${encodeURIComponent(id)}`)
    const lines = service.logLines()
    expect(lines.length).toBe(2 * ids.length)
    expect(lines.slice(0, ids.length).map(({ message_id }) => message_id)).toEqual(ids)
  })

  test('has the latency in milliseconds, from the first byte to the answer', async () => {
    await using service = await startService({}, transport)
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await Bun.sleep(SLOW_BODY_MILLISECONDS)
        controller.enqueue(new TextEncoder().encode('{}'))
        controller.close()
      },
    })
    await service.request('/webhook', { ...signed('{}'), body })
    const [line] = service.logLines()
    expect(line?.latency_ms).toBeGreaterThanOrEqual(SLOW_BODY_MILLISECONDS / 2)
    expect(await service.metric('request_latency_ms_sum')).toBe(Number(line?.latency_ms))
  })

  test('keeps to the level that is set', async () => {
    await using service = await startService({ LOG_LEVEL: 'warning' }, transport)
    await service.request('/webhook', delivery())
    await service.request('/webhook', delivery({ text: 'other' }))
    expect(service.logLines().map(({ level }) => level)).toEqual(['WARNING'])
  })
})
