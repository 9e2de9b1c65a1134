import { type Chance, pick } from '../../bench/chance.ts'

/** Texts that have broken something somewhere. */
const PIECES: readonly string[] = [
  ...['', ' ', 'a', '0', '-1', '1e1', '0x10', 'null', 'NaN', 'true', '__proto__', 'constructor'],
  ...['\u00c9', '\u00df', '\u0130', '\ufb03', '\u041f\u0420\u0418', '\u660e\u5929', '\u{1F600}'],
  ...['\0', '\x07', '\x7f', '\x80', '\ufeff', '\u202e', '\ud800', '\udc00', '\uffff', '\u2028'],
  ...['"', "'", '\\', '/', '`', '%', '_', '*', '%25', '%00', '{{', '${', '<b>', '&', '#', '?', ';'],
  ...["' or 1=1 --", '"*" near', 'a AND b', '../..', '\r\nX-A: b', '\n', '\t', '\r', '+', '=', ','],
  ...['9'.repeat(40), 'x'.repeat(300), '\u{1F600}'.repeat(300), '[', '{', ']', '}'],
]

/** A text of a few of such pieces. */
export function textOf(chance: Chance, piecesMax = 4): string {
  return Array.from({ length: chance(piecesMax) + 1 }, () => pick(PIECES, chance)).join('')
}

/** A value that JSON can hold, of any type. */
export function jsonOf(chance: Chance, depth = 2): unknown {
  const few = () => Array.from({ length: chance(3) }, () => jsonOf(chance, depth - 1))
  const kind = chance(depth > 0 ? 9 : 6)
  if (kind < 2) return textOf(chance)
  if (kind === 2) return null
  if (kind === 3) return chance(2) === 0
  if (kind === 4) return chance(2 ** 32) - 2 ** 31
  if (kind === 5) return pick([1e308, -0.5, 2 ** 53, 1e-7], chance)
  if (kind < 8) return few()
  return Object.fromEntries(few().map((value) => [textOf(chance, 1), value]))
}

/** The JSON value with one of its parts, however deep, taken away, doubled or replaced. */
export function mutateValue(value: unknown, chance: Chance): unknown {
  if (typeof value !== 'object' || value === null || chance(5) === 0) return jsonOf(chance)
  const entries = Object.entries(value)
  const at = chance(entries.length + 1)
  const [name, part] = entries[at] ?? [textOf(chance, 1), undefined]
  const how = chance(3)
  if (how === 0) entries.splice(at, 1)
  else entries.splice(at, 1, [name, how === 1 ? jsonOf(chance) : mutateValue(part, chance)])
  if (Array.isArray(value)) return entries.map(([, each]) => each)
  return Object.fromEntries(entries)
}

/** The bytes with one change: a byte flipped, replaced, added or lost, a part doubled or cut. */
function mutateOnce(bytes: Buffer, chance: Chance): Buffer {
  const at = chance(bytes.length + 1)
  const to = Math.min(bytes.length, at + 1 + chance(16))
  const [before, part, after] = [bytes.subarray(0, at), bytes.subarray(at, to), bytes.subarray(to)]
  const kind = chance(6)
  if (kind === 0) return Buffer.concat([before, part.map((byte) => byte ^ (1 << chance(8))), after])
  if (kind === 1) return Buffer.concat([before, part, part, after])
  if (kind === 2) return Buffer.concat([before, after])
  if (kind === 3) return Buffer.concat([before, Buffer.of(chance(256)), bytes.subarray(at)])
  if (kind === 4) return Buffer.concat([before, Buffer.from(textOf(chance, 1)), bytes.subarray(at)])
  return Buffer.from(before)
}

/** The bytes with one to three changes. */
export function mutateBytes(bytes: Buffer, chance: Chance): Buffer {
  let mutated = bytes
  for (let left = chance(3); left >= 0; left -= 1) mutated = mutateOnce(mutated, chance)
  return mutated
}
