import { pick } from '../../bench/chance.ts'
import type { Server } from '../../bench/server.ts'
import { openWire, type Wire } from '../wire.ts'
import { pack, sendable, wrap } from './parcel.ts'
import { largeHead } from './target.ts'

/** Connections that are opened at the same time. */
const OPENED_AT_ONCE = 50

/** Clients that come and do not go. */
export interface Crowd {
  readonly size: number
  /** Has each of those that are slow send one byte more. */
  readonly drip: () => void
  /** Sends them all away: each other one without a farewell. */
  readonly disperse: () => void
}

type Guest = (wire: Wire, number: number) => (() => void) | undefined

/** A delivery that comes byte by byte, and never wholly. */
const drips: Guest = (wire, number) => {
  const bytes = sendable(pack(`drip-${number}`))
  let at = 0
  return () => {
    if (at + 1 < bytes.length) wire.send(bytes.subarray(at, at + 1))
    at += 1
  }
}

/** Headers that come byte by byte, without an end. */
const dripsHeaders: Guest = (wire) => {
  wire.send(Buffer.from('GET /messages HTTP/1.1\r\nHost: a\r\nX-A: '))
  return () => wire.send(Buffer.from('a'))
}

/** Bytes that are sent at once, and nothing after them. */
const sends =
  (bytes: Buffer): Guest =>
  (wire) => {
    wire.send(bytes)
    return undefined
  }

/** Asks for a long list, and never reads it. */
const neverReads: Guest = (wire) => {
  wire.stopReading()
  wire.send(wrap(['GET /messages?limit=100 HTTP/1.1', 'Host: a']))
  return undefined
}

/** One of each kind after another. */
const GUESTS: readonly Guest[] = [
  () => undefined,
  sends(Buffer.from('POST /webhook HTTP/1.1\r\nHost: a\r\nX-Sig')),
  sends(wrap(['POST /webhook HTTP/1.1', 'Host: a', 'Content-Length: 300'], '{"message_id"')),
  sends(wrap(['POST /webhook HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked'], 'ff\r\n{"me')),
  sends(largeHead()),
  drips,
  dripsHeaders,
  neverReads,
]

/** Brings so many clients, of each kind as many. */
export async function gather({ port }: Server, size: number): Promise<Crowd> {
  const wires: Wire[] = []
  const slow: (() => void)[] = []
  while (wires.length < size) {
    const count = Math.min(OPENED_AT_ONCE, size - wires.length)
    const opened = await Promise.all(Array.from({ length: count }, () => openWire(port)))
    for (const wire of opened) {
      const drip = pick(GUESTS, () => wires.length % GUESTS.length)(wire, wires.length)
      if (drip !== undefined) slow.push(drip)
      wires.push(wire)
    }
  }
  return {
    size,
    drip: () => {
      for (const each of slow) each()
    },
    disperse: () => {
      for (const [index, wire] of wires.entries()) {
        if (index % 2 === 0) wire.reset()
        else wire[Symbol.dispose]()
      }
    },
  }
}
