import { createHmac } from 'node:crypto'
import { SECRET } from '../../bench/contestants.ts'

/** A delivery before it is framed, so that the framing can lie about it. */
export interface Parcel {
  readonly id: string
  /** ASCII alone, so that characters are bytes. */
  readonly body: string
  /** The first line and the headers, all but those that say how long the body is. */
  readonly head: readonly string[]
}

/** A delivery that keeps every rule, signed; `filler` characters make it longer. */
export function pack(id: string, filler = 0): Parcel {
  const fields = { message_id: id, from: '+1555', to: '+1666', ts: '2025-01-15T10:00:00Z' }
  const body = JSON.stringify({ ...fields, text: id, filler: 'x'.repeat(filler) })
  const signature = createHmac('sha256', SECRET).update(body).digest('hex')
  return { id, body, head: ['POST /webhook HTTP/1.1', 'Host: a', `X-Signature: ${signature}`] }
}

/** The bytes of these lines and what follows them. */
export function wrap(lines: readonly string[], rest = ''): Buffer {
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${rest}`, 'latin1')
}

/** The delivery as an honest sender frames it: with its length. */
export function sendable({ head, body }: Parcel): Buffer {
  return wrap([...head, `Content-Length: ${body.length}`], body)
}

/** The delivery in two chunks. */
export function chunked({ head, body }: Parcel): Buffer {
  const [first, second] = [body.slice(0, 20), body.slice(20)]
  return wrap([...head, 'Transfer-Encoding: chunked'], `${chunk(first)}${chunk(second)}0\r\n\r\n`)
}

/** A text as one chunk (RFC 9112, 7.1). */
export function chunk(text: string): string {
  return `${text.length.toString(16)}\r\n${text}\r\n`
}
