import { connect } from 'node:net'
import { inTime } from '../support/deadline.ts'

/** One answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A socket of a test's own, for what no HTTP client would send. */
export interface Connection extends Disposable {
  /** Sends bytes as they are; text as latin1, so that each character is one byte. */
  readonly send: (bytes: Uint8Array | string) => void
  /** The next answer; with `{ head: true }` one without a body. Throws when the peer hangs up. */
  readonly answer: (options?: { head: boolean }) => Promise<RawAnswer>
  /** Resolves when the peer has closed the connection. */
  readonly ended: Promise<void>
  /** Goes away without a farewell. */
  readonly destroy: () => void
}

/** Takes one answer off the front of what has come; undefined while it is not whole. */
function takeAnswer(bytes: Buffer, head: boolean): { answer: RawAnswer; rest: Buffer } | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n')
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    }),
  )
  const from = end + 4
  const length = head ? 0 : Number(headers['content-length'] ?? 0)
  if (bytes.length < from + length) return undefined
  const body = bytes.toString('utf8', from, from + length)
  const status = Number(first.split(' ')[1])
  return { answer: { status, headers, body }, rest: bytes.subarray(from + length) }
}

/** Connects to a service's URL. */
export async function openConnection(url: string): Promise<Connection> {
  const { hostname, port } = new URL(url)
  let bytes: Buffer = Buffer.alloc(0)
  let wake = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<void>()
  const opened = Promise.withResolvers<void>()
  let closed = false
  const socket = connect(Number(port), hostname, () => opened.resolve())
  socket.on('data', (chunk) => {
    bytes = Buffer.concat([bytes, typeof chunk === 'string' ? Buffer.from(chunk) : chunk])
    wake.resolve()
  })
  socket.on('error', (error) => opened.reject(error))
  socket.on('close', () => {
    closed = true
    wake.resolve()
    ended.resolve()
  })
  await inTime(`a connection to ${url}`, opened.promise)
  const answer = async (options = { head: false }) => {
    for (;;) {
      const taken = takeAnswer(bytes, options.head)
      if (taken !== undefined) {
        bytes = taken.rest
        return taken.answer
      }
      if (closed) throw new Error(`the connection ended after ${bytes.length} bytes`)
      wake = Promise.withResolvers()
      await inTime('an answer', wake.promise)
    }
  }
  return {
    send: (data) =>
      void socket.write(typeof data === 'string' ? Buffer.from(data, 'latin1') : data),
    answer,
    ended: ended.promise,
    destroy: () => void socket.destroy(),
    [Symbol.dispose]: () => void socket.destroy(),
  }
}

/** A request's text: its first line, headers one a line, and a body whose length is declared. */
export function rawRequest(
  start: string,
  headers: Readonly<Record<string, string>>,
  body = '',
): string {
  const lines = Object.entries({ Host: 'a', ...headers }).map(
    ([name, value]) => `${name}: ${value}`,
  )
  const length = Buffer.byteLength(body, 'latin1')
  const declared = start.startsWith('POST') ? [`Content-Length: ${length}`] : []
  return `${start} HTTP/1.1\r\n${[...lines, ...declared].join('\r\n')}\r\n\r\n${body}`
}
