import { afterEach, describe, expect, test } from 'bun:test'
import { inTime, until } from '../support/deadline.ts'
import { type Console, openConsole } from './console.ts'
import { ok, type Receiver, SECRET, startReceiver } from './receiver.ts'

const receivers: Receiver[] = []

afterEach(async () => {
  for (const receiver of receivers.splice(0)) await receiver.close()
})

/** Two lines wait at a receiver that answers when `release` is called; the input stays open. */
function startSending(): { console: Console; sent: Promise<number>; release: () => void } & {
  arrived: () => Promise<unknown>
} {
  const gate = Promise.withResolvers<void>()
  const receiver = startReceiver(async () => {
    await gate.promise
    return ok('created')
  })
  receivers.push(receiver)
  const stdin = () =>
    new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode('1\n2\n3\n4\n')),
    })
  const console = openConsole({ stdin })
  const argv = ['--secret', SECRET, '--url', receiver.url, '--file', '-', '--concurrency', '2']
  const sent = console.run('send', ...argv)
  const arrived = () => until('two posts', () => receiver.arrivals.length === 2)
  return { console, sent, release: gate.resolve, arrived }
}

describe('ackbox send, interrupted', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('lets what is under way finish after %s and exits with %d', async (name, code) => {
    const { console, sent, release, arrived } = startSending()
    await arrived()
    console.signal(name)
    release()
    expect(await inTime('the end', sent)).toBe(code)
    expect(console.out()).toBe('created 2\nduplicate 0\nrefused 0\nfailed 0\n')
    expect(console.listeners()).toBe(0)
  })

  test('ends while it waits for more input', async () => {
    const { console, sent, release } = startSending()
    release()
    await until('four counts', () => {
      console.tick(5000)
      return console.err().includes('4 sent')
    })
    console.signal('SIGINT')
    expect(await inTime('the end', sent)).toBe(130)
    expect(console.out()).toStartWith('created 4\n')
  })

  test('waits for nothing more at a second signal', async () => {
    const { console, sent, release, arrived } = startSending()
    await arrived()
    console.signal('SIGINT')
    console.advance(500)
    console.signal('SIGINT')
    expect(await inTime('the end', sent)).toBe(130)
    expect(console.out()).toStartWith('created 0\n')
    release()
  })

  test('takes two signals in one moment for one', async () => {
    const { console, sent, release, arrived } = startSending()
    await arrived()
    console.signal('SIGINT')
    console.advance(499)
    console.signal('SIGINT')
    release()
    expect(await inTime('the end', sent)).toBe(130)
    expect(console.out()).toStartWith('created 2\n')
  })
})
