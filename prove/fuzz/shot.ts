import { type Chance, makeChance, pick } from '../../bench/chance.ts'
import { drawBody, drawUnsigned } from './body.ts'
import { drawForgery, drawHeaders, drawRequestId, signatureFor } from './header.ts'
import { markerOf } from './marker.ts'
import { mutateBytes, textOf } from './mutation.ts'
import { drawQuery } from './query.ts'

/** One request of the fuzzer. All of it follows from the seed, its number and the cursors. */
export interface Shot {
  readonly number: number
  readonly bytes: Buffer
  readonly method: string
  /** The path before its query. */
  readonly path: string
  /** The id that must come back; undefined where the request's own may not be taken over. */
  readonly requestId: string | undefined
  /** The body of a delivery that was signed right, whatever is in it. */
  readonly signed: Buffer | undefined
  /** Whether it is HTTP: otherwise its bytes were changed after it was made. */
  readonly isWhole: boolean
}

/** Whence shots are drawn. */
export interface Gun {
  readonly seed: number
  /** Cursors that the service handed out. */
  readonly cursors: readonly string[]
}

const INTAKES = ['/webhook', '/webhook/whatsapp'] as const

const PATHS: readonly string[] = [
  ...['/webhook', '/webhook/whatsapp', '/messages', '/messages/x', '/stats', '/stats/volume'],
  ...['/statuses', '/statuses/x', '/notifications', '/quarantine', '/refusals', '/health/live'],
  ...['/health/ready', '/metrics', '/assets/x', '/messages/'],
]

/** Large ones, the same for everybody. */
const PAGES: readonly string[] = ['/', '/docs', '/openapi.json', '/assets/icon.svg']

const PAGE_ONE_IN = 30

const LISTS = ['/messages', '/messages', '/messages', '/statuses', '/notifications', '/quarantine']

/** All that Bun takes; it hangs up on any other. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT']

const HOSTS = ['localhost', '127.0.0.1', 'a', '[::1]:80', 'x'.repeat(200), '']

/** A form for those bytes as a target may have them. */
const targetOf = (text: string) =>
  Buffer.from(text)
    .toString('latin1')
    .replace(/[^!-~\x80-\xff]/g, '%0')
    .replaceAll('?', '%3f')

function drawPath(number: number, chance: Chance): string {
  const path = pick(chance(PAGE_ONE_IN) === 0 ? PAGES : PATHS, chance)
  const how = chance(6)
  if (how < 3) return path
  if (how === 3) return path.replace(/x$/, () => markerOf('path', number))
  if (how === 4) return `/${markerOf('path', number)}${targetOf(textOf(chance))}`
  const at = 1 + chance(path.length)
  return path.slice(0, at) + targetOf(textOf(chance, 2)) + path.slice(at)
}

/** The body in one piece with its length, or in chunks of any size. */
function frame(body: Buffer, chance: Chance): { header: string; bytes: Buffer } {
  if (chance(5) > 0) return { header: `Content-Length: ${body.length}`, bytes: body }
  const parts: Buffer[] = []
  for (let at = 0; at < body.length; ) {
    const part = body.subarray(at, at + 1 + chance(body.length))
    parts.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n'))
    at += part.length
  }
  return {
    header: 'Transfer-Encoding: chunked',
    bytes: Buffer.concat([...parts, Buffer.from('0\r\n\r\n')]),
  }
}

interface Parts {
  readonly method: string
  readonly path: string
  readonly query?: string
  readonly headers?: readonly string[]
  readonly body?: Buffer | undefined
  readonly signed?: Buffer
}

function assemble(number: number, parts: Parts, chance: Chance): Shot {
  const { method, path, query = '', headers = [], body, signed } = parts
  const framed = body === undefined ? undefined : frame(body, chance)
  const id = drawRequestId(number, chance)
  const lines = [
    `${method} ${path}${query} HTTP/1.1`,
    `Host: ${pick(HOSTS, chance)}`,
    `X-Request-ID: ${id}`,
    ...headers,
    ...drawHeaders(number, chance),
    ...(framed === undefined ? [] : [framed.header]),
  ]
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  const requestId = id === markerOf('request', number) ? id : undefined
  const bytes = framed === undefined ? head : Buffer.concat([head, framed.bytes])
  return { number, bytes, method, path, requestId, signed, isWhole: true }
}

function drawDelivery(number: number, chance: Chance): Shot {
  const path = INTAKES[chance(5) === 0 ? 1 : 0]
  if (chance(6) === 0) {
    const body = drawUnsigned(number, chance)
    const headers = drawForgery(path, body, chance)
    return assemble(number, { method: 'POST', path, headers, body }, chance)
  }
  const body = drawBody(path, number, chance)
  const headers = [signatureFor(path, body)]
  return assemble(number, { method: 'POST', path, headers, body, signed: body }, chance)
}

function drawWhole(number: number, cursors: readonly string[], chance: Chance): Shot {
  const kind = chance(20)
  if (kind < 10) return drawDelivery(number, chance)
  const query = drawQuery(number, cursors, chance)
  if (kind < 15)
    return assemble(number, { method: 'GET', path: pick(LISTS, chance), query }, chance)
  const method = kind < 18 ? 'GET' : pick(METHODS, chance)
  const body = chance(4) === 0 ? drawUnsigned(number, chance) : undefined
  return assemble(number, { method, path: drawPath(number, chance), query, body }, chance)
}

/** One shot in so many has its bytes changed, so that it may be no HTTP any more. */
const BROKEN_ONE_IN = 16

/** The shot with this number. */
export function drawShot({ seed, cursors }: Gun, number: number): Shot {
  const chance = makeChance(
    Math.imul(seed ^ 0x5bd1e995, 0x9e3779b1) ^ Math.imul(number, 0x85ebca6b),
  )
  const shot = drawWhole(number, cursors, chance)
  if (chance(BROKEN_ONE_IN) > 0) return shot
  return { ...shot, bytes: mutateBytes(shot.bytes, chance), isWhole: false }
}
