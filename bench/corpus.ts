import { makeChance } from './chance.ts'
import { sampleBody } from './sample.ts'

/** Digits of the length that stands before each request in the file. */
export const LENGTH_DIGITS = 7

/** Rate at which the deliveries' times go on, about that of the load. */
const MESSAGES_PER_SECOND = 20_000

/** Bytes that are collected before they are written. */
const CHUNK_BYTES = 4 * 1024 * 1024

/** A request of more bytes is written at once, so that thousands of them never wait in memory. */
const FLUSHED_BYTES_MIN = 100_000

/**
 * Signed deliveries in a file, ready for the socket: each is its length in seven digits and then a
 * whole HTTP request. All ids differ, so no delivery may be sent twice to one database.
 */
export interface Corpus {
  readonly path: string
  readonly count: number
  /** Place in the file of a delivery by its number; the place after the last one is known too. */
  readonly offsetOf: (index: number) => number
}

/**
 * A whole HTTP request that delivers the body; `key` is an HMAC-SHA256 with the secret. Further
 * headers end in a line break each.
 */
export function requestOf(body: string, key: Bun.CryptoHasher, headers = ''): string {
  const signature = key.copy().update(body).digest('hex')
  return (
    'POST /webhook HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n' +
    `X-Signature: ${signature}\r\n${headers}` +
    `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  )
}

/** Writes so many requests, each made when its turn comes. Throws what the file system throws. */
export async function writeRequests(
  path: string,
  count: number,
  requestAt: (index: number) => string,
): Promise<Corpus> {
  const offsets = new Float64Array(count + 1)
  const file = Bun.file(path).writer({ highWaterMark: CHUNK_BYTES })
  for (let index = 0; index < count; index += 1) {
    const request = requestAt(index)
    const length = Buffer.byteLength(request)
    file.write(String(length).padStart(LENGTH_DIGITS, '0') + request)
    offsets[index + 1] = (offsets[index] ?? 0) + LENGTH_DIGITS + length
    if (length > FLUSHED_BYTES_MIN || index % 10_000 === 0) await file.flush()
  }
  await file.end()
  const offsetOf = (index: number) => {
    const offset = offsets[index]
    if (offset === undefined) throw new Error(`the corpus has no delivery ${index}: make it larger`)
    return offset
  }
  return { path, count, offsetOf }
}

/** Writes so many deliveries, signed with the secret. Throws what the file system throws. */
export function writeCorpus(path: string, count: number, secret: string): Promise<Corpus> {
  const key = new Bun.CryptoHasher('sha256', secret)
  const chance = makeChance(count)
  const startedAt = Date.now()
  return writeRequests(path, count, (index) => {
    const now = startedAt + (index * 1000) / MESSAGES_PER_SECOND
    return requestOf(sampleBody(now, chance), key)
  })
}
