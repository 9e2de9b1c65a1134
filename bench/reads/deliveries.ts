import { makeChance } from '../chance.ts'
import { SECRET } from '../contestants.ts'
import { type Corpus, LENGTH_DIGITS } from '../corpus.ts'
import { makeMessage } from './messages.ts'

/** Messages that the span of a store stands for, to go on at its pace after its end. */
const PACE_MESSAGES = 10_000_000

function requestOf(body: string, key: Bun.CryptoHasher): string {
  const signature = key.copy().update(body).digest('hex')
  return (
    'POST /webhook HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n' +
    `X-Signature: ${signature}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  )
}

/**
 * Writes so many signed deliveries of messages like those of the stores, which come after them in
 * time, in the form that the load generators read. Throws what the file system throws.
 */
export async function writeDeliveries(
  path: string,
  count: number,
  texts: readonly string[],
): Promise<Corpus> {
  const key = new Bun.CryptoHasher('sha256', SECRET)
  const chance = makeChance(count)
  const offsets = new Float64Array(count + 1)
  const file = Bun.file(path).writer()
  for (let n = 0; n < count; n += 1) {
    const request = requestOf(
      JSON.stringify(makeMessage(texts, 1 + n / PACE_MESSAGES, chance)),
      key,
    )
    const length = Buffer.byteLength(request)
    file.write(String(length).padStart(LENGTH_DIGITS, '0') + request)
    offsets[n + 1] = (offsets[n] ?? 0) + LENGTH_DIGITS + length
    if (n % 10_000 === 0) await file.flush()
  }
  await file.end()
  const offsetOf = (index: number) => {
    const offset = offsets[index]
    if (offset === undefined) throw new Error(`there is no delivery ${index}`)
    return offset
  }
  return { path, count, offsetOf }
}
