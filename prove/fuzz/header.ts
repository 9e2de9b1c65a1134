import { createHmac } from 'node:crypto'
import { type Chance, pick } from '../../bench/chance.ts'
import { SECRET } from '../../bench/contestants.ts'
import { markerOf } from './marker.ts'
import { textOf } from './mutation.ts'

/** Headers that make some servers do something else. */
const NAMES: readonly string[] = [
  ...['Accept', 'Accept-Encoding', 'Accept-Language', 'Authorization', 'Cache-Control', 'Cookie'],
  ...['Content-Encoding', 'Content-Type', 'Forwarded', 'From', 'If-Match', 'If-None-Match'],
  ...['If-Modified-Since', 'Origin', 'Range', 'Referer', 'User-Agent', 'Via', 'X-Forwarded-For'],
  ...['X-Forwarded-Host', 'X-Forwarded-Proto', 'X-HTTP-Method-Override', 'X-Original-URL'],
  ...['X-Rewrite-URL', 'X-Real-IP', 'X-Hub-Signature', 'webhook-id', 'webhook-timestamp'],
  ...['webhook-signature', 'Transfer', 'Trailer', 'TE', 'Sec-Fetch-Mode', 'X-A'],
]

const VALUES: readonly string[] = [
  ...['*/*', 'text/html', 'gzip', 'br, gzip', 'identity', 'Bearer x', 'Basic eDp5', 'bytes=0-1'],
  ...[
    'bytes=-1',
    '*',
    'W/"a"',
    'application/json; charset=utf-16',
    'multipart/form-data; boundary=x',
  ],
  ...['application/x-www-form-urlencoded', 'text/plain', 'DELETE', '/metrics', '127.0.0.1', 'null'],
  ...[
    'no-cache',
    'a=b; c=d',
    'sha1=00',
    '0',
    'v1,AAAA',
    'trailers',
    'Thu, 01 Jan 1970 00:00:00 GMT',
  ],
]

/** What a header's value may hold on the wire (RFC 9110, 5.5), as Latin-1. */
function fieldOf(text: string): string {
  return Buffer.from(text)
    .toString('latin1')
    .replace(/[^\t\x20-\x7e\x80-\xff]/g, '')
    .trim()
}

function drawHeader(number: number, chance: Chance): string {
  const how = chance(4)
  if (how === 0) return `${pick(NAMES, chance)}: ${fieldOf(textOf(chance))}`
  if (how === 1) return `${pick(NAMES, chance)}: ${markerOf('header', number)}`
  return `${pick(NAMES, chance)}: ${pick(VALUES, chance)}`
}

/** Some headers that no route asks for. */
export function drawHeaders(number: number, chance: Chance): string[] {
  const count = chance(3) === 0 ? chance(12) : chance(2)
  return Array.from({ length: count }, () => drawHeader(number, chance))
}

/** A request id: one of ours, which must come back, or one that may not be taken over. */
export function drawRequestId(number: number, chance: Chance): string {
  const marker = markerOf('request', number)
  if (chance(4) > 0) return marker
  const bad = [`${marker}/`, `${marker} x`, '', 'x'.repeat(129), `"${marker}"`, '\xe9', '../../a']
  return pick(bad, chance)
}

/** The signature of a body as the route wants it, in lower-case hex behind what it wants there. */
function sign(route: string, body: Buffer): { name: string; prefix: string; hex: string } {
  const hex = createHmac('sha256', SECRET).update(body).digest('hex')
  return route === '/webhook'
    ? { name: 'X-Signature', prefix: '', hex }
    : { name: 'X-Hub-Signature-256', prefix: 'sha256=', hex }
}

/** The header with the right signature. */
export function signatureFor(route: string, body: Buffer): string {
  const { name, prefix, hex } = sign(route, body)
  return `${name}: ${prefix}${hex}`
}

/** Headers with a signature that is nearly right, in a way that each must be refused; or none. */
export function drawForgery(route: string, body: Buffer, chance: Chance): string[] {
  const { name, prefix, hex } = sign(route, body)
  const right = prefix + hex
  const at = chance(64)
  const other = hex[at] === '0' ? '1' : '0'
  const forged = pick(
    [
      ...[prefix + hex.slice(0, at) + other + hex.slice(at + 1), right.slice(0, -1), `${right}0`],
      ...[`${right}, ${right}`, `x${right}`, prefix + 'f'.repeat(64), '', prefix],
      ...[
        `"${right}"`,
        prefix + Buffer.from(hex, 'hex').toString('base64'),
        fieldOf(textOf(chance)),
      ],
      ...[prefix === '' ? `sha256=${hex}` : hex, right.replace(/[a-f]/g, (x) => x.toUpperCase())],
    ],
    chance,
  )
  if (forged === right) return []
  const how = chance(4)
  if (how === 0) return []
  return how === 1 ? [`${name}: ${forged}`, `${name}: ${forged}`] : [`${name}: ${forged}`]
}
