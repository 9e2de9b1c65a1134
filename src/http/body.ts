import { Rejection } from '../outcome.ts'
import { type BodyBudget, isSmall } from './body_budget.ts'

/**
 * Longest time that a large body may take. Whoever sends a byte now and then would keep the room
 * for it, and with some dozens of connections the room for all. In milliseconds.
 */
const SLOW_MILLISECONDS = 30_000

/** A length as it may be believed. One that was sent twice arrives joined, and is no number. */
const LENGTH = /^[0-9]+$/

/** The bounds of a body. */
export interface BodyLimits {
  /** Largest body, in bytes. */
  readonly bodyBytesMax: number
  /** The memory that large bodies share. */
  readonly bodyBudget: BodyBudget
  /** Resolves after so many milliseconds, or at once when the signal aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

/** Reads a body of unknown length, and stops as soon as it is too large. */
async function readStream(
  stream: ReadableStream<Uint8Array>,
  { bodyBytesMax, bodyBudget }: BodyLimits,
): Promise<Uint8Array | Rejection> {
  // One buffer for all: a million chunks of one byte, each kept as it came, take 100 MB.
  const sink = new Bun.ArrayBufferSink()
  sink.start({ asUint8Array: true })
  let size = 0
  try {
    for await (const chunk of stream) {
      const grown = size + chunk.length
      // Leaving the loop cancels the stream: the rest is never held in memory.
      if (grown > bodyBytesMax) return new Rejection('body_too_large')
      if (!bodyBudget.take(size, grown)) return new Rejection('bodies_full')
      size = grown
      sink.write(chunk)
    }
    return sink.end() as Uint8Array
  } finally {
    bodyBudget.giveBack(size)
  }
}

/** Reads a body whose length is declared. */
async function readDeclared(
  request: Request,
  size: number,
  { bodyBytesMax, bodyBudget }: BodyLimits,
): Promise<Uint8Array | Rejection> {
  if (size > bodyBytesMax) return new Rejection('body_too_large')
  if (!bodyBudget.take(0, size)) return new Rejection('bodies_full')
  try {
    return await request.bytes()
  } finally {
    bodyBudget.giveBack(size)
  }
}

/**
 * Refuses a body that is not whole in time. It is read on, and its room kept, until the answer
 * closes the connection.
 */
async function inTime(
  reading: Promise<Uint8Array | Rejection>,
  { sleep }: BodyLimits,
): Promise<Uint8Array | Rejection> {
  const timer = new AbortController()
  const late = sleep(SLOW_MILLISECONDS, timer.signal).then(() => new Rejection('body_too_slow'))
  // Once it is late, nobody else hears of its connection's end.
  reading.catch(() => {})
  try {
    return await Promise.race([reading, late])
  } finally {
    timer.abort()
  }
}

/**
 * Reads a request's body as the bytes that came, within its limits. A declared length is refused
 * before anything is read; a body of any other is counted while it is read. A small one of declared
 * length may take any time. Rejects with an AbortError when the client goes away.
 */
export function readBody(request: Request, limits: BodyLimits): Promise<Uint8Array | Rejection> {
  const declared = request.headers.get('content-length')
  if (declared !== null && LENGTH.test(declared) && !request.headers.has('transfer-encoding')) {
    const size = Number(declared)
    const reading = readDeclared(request, size, limits)
    return isSmall(size) ? reading : inTime(reading, limits)
  }
  const { body } = request
  return body === null
    ? Promise.resolve(new Uint8Array())
    : inTime(readStream(body, limits), limits)
}
