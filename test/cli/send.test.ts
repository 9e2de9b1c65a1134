import { afterEach, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LINE_BYTES_MAX } from '../../src/cli/lines.ts'
import { type Console, openConsole } from './console.ts'
import { ok, type Receiver, SECRET, startReceiver } from './receiver.ts'

const cleanups: (() => void | Promise<void>)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

function receive(answer: Parameters<typeof startReceiver>[0]): Receiver {
  const receiver = startReceiver(answer)
  cleanups.push(receiver.close)
  return receiver
}

function write(content: string | Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'ackbox-send-'))
  cleanups.push(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'input')
  writeFileSync(path, content)
  return path
}

function sendTo(console: Console, url: string, ...argv: string[]): Promise<number> {
  return console.run('send', '--secret', SECRET, '--url', url, ...argv)
}

describe('ackbox send with one message', () => {
  test('signs and posts what the options say', async () => {
    const receiver = receive(() => ok('created'))
    const console = openConsole()
    const message = ['--id', 'm1', '--from', '+1', '--to', '+2', '--text', 'h\u00e9']
    expect(await sendTo(console, receiver.url, ...message, '--ts', '2024-05-06T07:08:09Z')).toBe(0)
    expect(receiver.arrivals.map(({ body, isSigned }) => [body, isSigned])).toEqual([
      [
        '{"message_id":"m1","from":"+1","to":"+2","ts":"2024-05-06T07:08:09Z","text":"h\xc3\xa9"}',
        true,
      ],
    ])
    expect(receiver.arrivals[0]?.headers.get('Content-Type')).toBe('application/json')
    expect(console.out()).toBe('created 1\nduplicate 0\nrefused 0\nfailed 0\n')
    expect(console.err()).toBe('')
  })

  test('makes up an id, numbers and the time where none are given', async () => {
    const receiver = receive(() => ok('created'))
    const console = openConsole()
    await sendTo(console, receiver.url)
    expect(JSON.parse(receiver.arrivals[0]?.body ?? '')).toEqual({
      message_id: '00000000-0000-4000-8000-000000000001',
      from: '+15550100',
      to: '+15550199',
      ts: '2024-01-01T00:00:00.000Z',
    })
  })

  test('takes the secret from a file, without its last newline', async () => {
    const receiver = receive(() => ok('created'))
    const path = write(`${SECRET}\n`)
    const byOption = openConsole({ env: { WEBHOOK_SECRET: 'another' } })
    await byOption.run('send', '--url', receiver.url, '--secret-file', path)
    const byFile = openConsole({ env: { WEBHOOK_SECRET: 'another', WEBHOOK_SECRET_FILE: path } })
    await byFile.run('send', '--url', receiver.url)
    const byVariable = openConsole({ env: { WEBHOOK_SECRET: SECRET } })
    await byVariable.run('send', '--url', receiver.url)
    expect(receiver.arrivals.map(({ isSigned }) => isSigned)).toEqual([true, true, true])
  })

  test.each(['', '\n', '\r\n'])('refuses a secret file that holds only %p', async (content) => {
    const receiver = receive(() => ok('created'))
    const console = openConsole()
    const argv = ['--url', receiver.url, '--secret-file', write(content)]
    expect(await console.run('send', ...argv)).toBe(2)
    expect(receiver.arrivals).toEqual([])
  })
})

describe('ackbox send with a file', () => {
  test('sends each line byte for byte and skips blank ones', async () => {
    const receiver = receive(({ body }) => ok(body.startsWith('\xff') ? 'created' : 'duplicate'))
    const path = write(Buffer.from('{ "a" :1}\r\n\n \t\n\xff\x00 not json\nlast', 'latin1'))
    const console = openConsole()
    expect(await sendTo(console, receiver.url, '--file', path, '--concurrency', '1')).toBe(0)
    expect(receiver.arrivals.map(({ body }) => body)).toEqual([
      '{ "a" :1}\r',
      '\xff\x00 not json',
      'last',
    ])
    expect(receiver.arrivals.every(({ isSigned }) => isSigned)).toBe(true)
    expect(console.out()).toBe('created 1\nduplicate 2\nrefused 0\nfailed 0\n')
  })

  test('reads standard input for -', async () => {
    const receiver = receive(() => ok('created'))
    const console = openConsole({ stdin: () => new Blob(['one\ntwo\n']).stream() })
    expect(await sendTo(console, receiver.url, '--file', '-')).toBe(0)
    expect(receiver.arrivals.map(({ body }) => body).toSorted()).toEqual(['one', 'two'])
  })

  test('sends every line once with many posts at a time, and no more than asked', async () => {
    let underWay = 0
    let most = 0
    const seven = Promise.withResolvers<void>()
    const receiver = receive(async () => {
      underWay += 1
      most = Math.max(most, underWay)
      if (underWay === 7) seven.resolve()
      await seven.promise
      underWay -= 1
      return ok('created')
    })
    const lines = Array.from({ length: 500 }, (_, index) => `line ${index}`)
    const console = openConsole()
    const path = write(lines.join('\n'))
    expect(await sendTo(console, receiver.url, '--file', path, '--concurrency', '7')).toBe(0)
    expect(receiver.arrivals.map(({ body }) => body).toSorted()).toEqual(lines.toSorted())
    expect(most).toBe(7)
    expect(console.out()).toStartWith('created 500\n')
  })

  test('counts a server that does not tell new from old as accepted', async () => {
    const receiver = receive(() => ok())
    const console = openConsole()
    expect(await sendTo(console, receiver.url, '--file', write('a\nb\n'))).toBe(0)
    expect(console.out()).toBe('created 0\nduplicate 0\naccepted 2\nrefused 0\nfailed 0\n')
  })

  test('counts refusals by reason with their lines, and exits with 1', async () => {
    const detail = [{ type: 'string_pattern', loc: ['body', 'from'], msg: 'x' }]
    const receiver = receive(({ body }) => {
      if (body === 'bad') return Response.json({ detail }, { status: 422 })
      if (body === 'odd') return new Response('<html>', { status: 404 })
      if (body === 'wild') return Response.json({ detail: 'a\u001b[2Jb' }, { status: 400 })
      if (body === 'moved') return Response.redirect('http://127.0.0.1:1/', 307)
      return body === 'none' ? new Response(null, { status: 204 }) : ok('created')
    })
    const console = openConsole()
    const path = write('bad\nfine\nbad\nodd\nwild\nmoved\nnone\n')
    expect(await sendTo(console, receiver.url, '--file', path, '--concurrency', '1')).toBe(1)
    expect(console.out().split('\n')).toEqual([
      'created 1',
      'duplicate 0',
      'refused 6',
      '  2 x 422 string_pattern at body.from (lines 1, 3)',
      '  1 x 404 (line 4)',
      '  1 x 400 a [2Jb (line 5)',
      '  1 x 307 (line 6)',
      '  1 x 204 (line 7)',
      'failed 0',
      '',
    ])
    expect(receiver.arrivals.length).toBe(7)
  })

  test('does not send a line over the bound, and says which', async () => {
    const receiver = receive(() => ok('created'))
    const console = openConsole()
    const path = write(`${'x'.repeat(LINE_BYTES_MAX + 1)}\n${'y'.repeat(LINE_BYTES_MAX)}\n`)
    expect(await sendTo(console, receiver.url, '--file', path)).toBe(1)
    expect(receiver.arrivals.map(({ body }) => body.length)).toEqual([LINE_BYTES_MAX])
    expect(console.out()).toContain(
      `refused 1\n  1 x not sent, a line longer than ${LINE_BYTES_MAX} bytes (line 1)\n`,
    )
  })

  test('exits with 0 for a file without lines', async () => {
    const console = openConsole()
    expect(await sendTo(console, 'http://127.0.0.1:1/', '--file', write('\n\n'))).toBe(0)
  })

  test('says when the input breaks off, after the counts of what was sent', async () => {
    const receiver = receive(() => ok('created'))
    let pulls = 0
    const stdin = () =>
      new ReadableStream<Uint8Array>({
        pull: (controller) => {
          pulls += 1
          if (pulls === 1) controller.enqueue(new TextEncoder().encode('one\n'))
          else controller.error(new Error('disk gone'))
        },
      })
    const console = openConsole({ stdin })
    expect(await sendTo(console, receiver.url, '--file', '-')).toBe(1)
    expect(console.out()).toStartWith('created 1\n')
    expect(console.err()).toBe('ackbox: the input broke off: Error: disk gone\n')
  })
})
