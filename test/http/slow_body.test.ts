import { expect, test } from 'bun:test'
import { BodyBudget } from '../../src/http/body_budget.ts'
import { listen } from '../../src/http/server.ts'
import { webhook } from '../../src/http/webhook.ts'
import { Rejection } from '../../src/outcome.ts'
import { Refusals } from '../../src/refusals.ts'
import { until } from '../support/deadline.ts'
import { openConnection } from './connection.ts'

const ROOM = 100_000

/** A server whose time for a body is up when the test says so. */
function startServer() {
  const up = Promise.withResolvers<void>()
  const timers: AbortSignal[] = []
  const bodyBudget = new BodyBudget(ROOM)
  const intake = { verify: () => new Rejection('invalid_signature') }
  const options = {
    ...{ bodyBytesMax: ROOM, bodyBudget, notes: new WeakMap(), clock: () => 0 },
    refusals: new Refusals({ clock: () => 0, keepsBodies: false }),
    remoteAddressOf: () => undefined,
    intake: { ...intake, parse: () => new Rejection('validation_error'), committer: undefined },
    sleep: (_: number, signal: AbortSignal) => {
      timers.push(signal)
      return up.promise
    },
  }
  // No delivery gets past the signature, so there is nothing behind it.
  const handle = (request: Request) => webhook(request, options as never)
  const server = listen(handle, '127.0.0.1', 0)
  return {
    ...{ url: server.url, timers, bodyBudget },
    timeIsUp: () => up.resolve(),
    [Symbol.asyncDispose]: () => server.cut(),
  }
}

const HEAD = 'POST /webhook HTTP/1.1\r\nHost: a\r\n'
const LARGE = `${HEAD}Content-Length: 90000\r\n\r\n`

test.each([
  ['that is large', `${LARGE}x`],
  ['in chunks', `${HEAD}Transfer-Encoding: chunked\r\n\r\n7000\r\n${'x'.repeat(0x7000)}\r\n`],
])('refuses a body %s when its time is up, hangs up, and has its room again', async (_, bytes) => {
  await using server = startServer()
  using connection = await openConnection(server.url)
  connection.send(bytes)
  await until('the body is being read', () => {
    const hasRoom = server.bodyBudget.take(0, ROOM)
    if (hasRoom) server.bodyBudget.giveBack(ROOM)
    return !hasRoom
  })
  server.timeIsUp()
  const { status, headers, body } = await connection.answer()
  expect([status, headers.connection, body]).toEqual([408, 'close', '{"detail":"body too slow"}'])
  await connection.ended
  await until('its room is free', () => server.bodyBudget.take(0, ROOM))
})

test('lets a small body of declared length take its time', async () => {
  await using server = startServer()
  using connection = await openConnection(server.url)
  connection.send(`${HEAD}Content-Length: 16384\r\n\r\nx`)
  server.timeIsUp()
  using other = await openConnection(server.url)
  other.send(`${HEAD}Content-Length: 1\r\n\r\nx`)
  expect((await other.answer()).status).toBe(401)
  connection.send('x'.repeat(16_383))
  expect((await connection.answer()).status).toBe(401)
  expect(server.timers.length).toBe(0)
})

test('times a large body only until it is whole', async () => {
  await using server = startServer()
  using connection = await openConnection(server.url)
  connection.send(LARGE + 'x'.repeat(90_000))
  expect((await connection.answer()).status).toBe(401)
  expect(server.timers.map(({ aborted }) => aborted)).toEqual([true])
})
