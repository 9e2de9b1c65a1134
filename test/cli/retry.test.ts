import { afterEach, describe, expect, test } from 'bun:test'
import { until } from '../support/deadline.ts'
import { type Console, openConsole } from './console.ts'
import { ok, type Receiver, SECRET, startReceiver } from './receiver.ts'

const receivers: Receiver[] = []

afterEach(async () => {
  for (const receiver of receivers.splice(0)) await receiver.close()
})

function receive(answer: Parameters<typeof startReceiver>[0]): Receiver {
  const receiver = startReceiver(answer)
  receivers.push(receiver)
  return receiver
}

function sendTo(console: Console, url: string, ...argv: string[]): Promise<number> {
  return console.run('send', '--secret', SECRET, '--url', url, ...argv)
}

function busy(status: number, headers: Record<string, string> = {}): Response {
  return Response.json({ detail: 'queue full' }, { status, headers })
}

describe('ackbox send, when the answer is not final', () => {
  test.each([503, 429])('sends the same bytes again after %d', async (status) => {
    const receiver = receive((_, before) => (before < 3 ? busy(status) : ok('created')))
    const console = openConsole()
    expect(await sendTo(console, receiver.url, '--id', 'm')).toBe(0)
    expect(new Set(receiver.arrivals.map(({ body }) => body)).size).toBe(1)
    expect(receiver.arrivals.map(({ isSigned }) => isSigned)).toEqual([true, true, true, true])
    expect(console.waits).toEqual([125, 250, 500])
    expect(console.out()).toBe('created 1\nduplicate 0\nrefused 0\nfailed 0\n')
  })

  test('waits as long as Retry-After asks', async () => {
    const receiver = receive((_, before) =>
      before === 0 ? busy(503, { 'Retry-After': '7' }) : ok('created'),
    )
    const console = openConsole()
    expect(await sendTo(console, receiver.url)).toBe(0)
    expect(console.waits).toEqual([7000])
  })

  test('gives up after so many attempts', async () => {
    const receiver = receive(() => busy(503))
    const console = openConsole()
    expect(await sendTo(console, receiver.url, '--attempts', '2')).toBe(1)
    expect(receiver.arrivals.length).toBe(2)
    expect(console.out()).toContain('refused 1\n  1 x 503 queue full\nfailed 0\n')
  })

  test.each([400, 401, 413, 422, 500])('takes %d as final', async (status) => {
    const receiver = receive(() => busy(status))
    const console = openConsole()
    expect(await sendTo(console, receiver.url)).toBe(1)
    expect(receiver.arrivals.length).toBe(1)
    expect(console.waits).toEqual([])
  })

  test('follows no redirect, which would take the signed message elsewhere', async () => {
    const elsewhere = receive(() => ok('created'))
    const receiver = receive(() => busy(307, { Location: elsewhere.url }))
    const console = openConsole()
    expect(await sendTo(console, receiver.url)).toBe(1)
    expect([receiver.arrivals.length, elsewhere.arrivals.length]).toEqual([1, 0])
    expect(console.out()).toContain('refused 1\n  1 x 307 ')
  })

  test('tries a refused connection again, and counts it as failed in the end', async () => {
    const receiver = startReceiver(() => ok('created'))
    await receiver.close()
    const console = openConsole()
    expect(await sendTo(console, receiver.url)).toBe(1)
    expect(console.waits.length).toBe(4)
    expect(console.out()).toContain('refused 0\nfailed 1\n  1 x connection refused\n')
  })

  test('tries again when the server closes the connection without an answer', async () => {
    const server = Bun.listen({
      hostname: '127.0.0.1',
      port: 0,
      socket: { data: (socket) => void socket.end() },
    })
    const console = openConsole()
    const url = `http://127.0.0.1:${server.port}/webhook`
    expect(await sendTo(console, url, '--attempts', '3')).toBe(1)
    server.stop(true)
    expect(console.waits.length).toBe(2)
    expect(console.out()).toContain('failed 1\n  1 x connection reset\n')
  })

  test('tries again when no answer comes in time', async () => {
    const silence = Promise.withResolvers<Response>()
    const receiver = receive((_, before) => (before === 0 ? silence.promise : ok('created')))
    const console = openConsole()
    const sent = sendTo(console, receiver.url)
    await until('the first post', () => receiver.arrivals.length === 1)
    console.tick(10_000)
    expect(await sent).toBe(0)
    expect(receiver.arrivals.length).toBe(2)
    silence.resolve(ok())
  })

  test('calls it a timeout when no attempt is answered in time', async () => {
    const silence = Promise.withResolvers<Response>()
    const receiver = receive(() => silence.promise)
    const console = openConsole()
    const sent = sendTo(console, receiver.url, '--attempts', '1')
    await until('the post', () => receiver.arrivals.length === 1)
    console.tick(10_000)
    expect(await sent).toBe(1)
    expect(console.out()).toContain('failed 1\n  1 x timeout\n')
    silence.resolve(ok())
  })
})
