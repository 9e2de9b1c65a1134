import { type Chance, pick } from '../../bench/chance.ts'
import { markerOf } from './marker.ts'
import { textOf } from './mutation.ts'

/** Values that belong to each parameter, right ones and wrong ones. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  limit: [
    '1',
    '2',
    '3',
    '4',
    '5',
    '7',
    '100',
    '0',
    '101',
    '-1',
    '1e1',
    '0x10',
    ' 1',
    '1.5',
    '٣',
    '007',
  ],
  offset: ['0', '1', '7', '100', '9223372036854775807', '9223372036854775808', '9'.repeat(60)],
  from: ['+15551', '+15552', '+155549', ' 15551', '15551', '+', '+1\n', '+١'],
  to: ['+15551', '+15552', '+155549', ' 15551', '15551', '+', '+1\0'],
  since: ['2025-01-15T10:00:00Z', '2025-02-30T10:00:00Z', '2025-01-15T10:00:00+05:30', '2025'],
  until: ['2025-06-15T10:00:00Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999999Z', '-1'],
  q: ['zq', 'a', 'É', '%', '_', '"', '*', '\\', '\u{1F600}', 'x'.repeat(300), ' ', '\0'],
  order: ['asc', 'desc', 'DESC', 'random()'],
  bucket: ['minute', 'hour', 'day', 'week'],
  reason: ['invalid_signature', 'validation_error', 'other'],
  status: ['sent', 'read', 'failed', 'other'],
  recipient: ['+1650', '1650', '%'],
  field: ['messages', 'flows'],
  'hub.mode': ['subscribe', 'other'],
  'hub.verify_token': ['unused', 'other', ''],
}

const NAMES = Object.keys(VALUES)

/** Encoded for a query in one of the ways that clients have, the careless ones too. */
function encode(text: string, chance: Chance): string {
  const how = chance(4)
  if (how < 2) return encodeURIComponent(text.toWellFormed())
  if (how === 2) return encodeURIComponent(text.toWellFormed()).replaceAll('%20', '+')
  // Bytes as they are, and half an escape for what would end the target.
  return Buffer.from(text)
    .toString('latin1')
    .replace(/[^!-~\x80-\xff]/g, '%2')
}

function drawPair(number: number, cursors: readonly string[], chance: Chance): string {
  const kind = chance(20)
  if (kind === 0) return encode(textOf(chance), chance)
  if (kind === 1) return `${encode(textOf(chance, 1), chance)}=${markerOf('header', number)}`
  if (kind === 2) return `q=${markerOf('header', number)}${encode(textOf(chance), chance)}`
  if (kind < 6 && cursors.length > 0) return `cursor=${damage(pick(cursors, chance), chance)}`
  const name = pick(NAMES, chance)
  const how = chance(12)
  if (how === 0) return `${name}=${markerOf('header', number)}`
  const value = how < 3 ? textOf(chance) : pick(VALUES[name] ?? [''], chance)
  return `${name}=${encode(value, chance)}`
}

/** A cursor as it was handed out, or with one of its characters changed, or cut. */
function damage(cursor: string, chance: Chance): string {
  const at = chance(cursor.length)
  const how = chance(4)
  if (how < 2) return cursor
  if (how === 2) return cursor.slice(0, at)
  return cursor.slice(0, at) + String.fromCharCode(0x41 + chance(26)) + cursor.slice(at + 1)
}

/** A query string with its question mark; none for some. */
export function drawQuery(number: number, cursors: readonly string[], chance: Chance): string {
  const pairs = Array.from({ length: chance(5) }, () => drawPair(number, cursors, chance))
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}
