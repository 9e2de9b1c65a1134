import type { Arrival, Message, StoredMessage } from '../../src/message.ts'
import type { Receipt } from '../../src/outcome.ts'
import type { ListQuery, Page, Stats } from '../../src/query.ts'

/** Every code point that has a case, in order. */
function casedCodePoints(): string {
  const all = Array.from({ length: 0x110000 }, (_, n) => n).filter((n) => n < 0xd800 || n > 0xdfff)
  const cased = /^[\p{Changes_When_Casemapped}\p{Changes_When_Casefolded}]$/u
  return all
    .map((n) => String.fromCodePoint(n))
    .filter((c) => cased.test(c))
    .join('')
}

/**
 * Case folding worked out another way than the one under test: the class of a code point is what
 * the regular-expression engine matches when ignoring case (simple folding), and one whose upper
 * or lower case is longer than one code point stands for that sequence (full folding).
 */
export function createFolding(): (text: string) => string {
  const cased = casedCodePoints()
  const known = new Map<string, string>()
  const classOf = (c: string) => cased.match(new RegExp(c, 'giu')) ?? [c]
  const foldCodePoint = (c: string): string => {
    const members = classOf(c)
    const cases = members.flatMap((member) => [member.toUpperCase(), member.toLowerCase()])
    const sequence = cases.find((text) => [...text].length > 1)
    return sequence === undefined ? (members[0] ?? c) : [...sequence].map(lookUp).join('')
  }
  const lookUp = (c: string): string => {
    if (!/\p{L}|\p{M}|\p{N}|\p{S}/u.test(c)) return c
    const folded = known.get(c) ?? (cased.includes(c) ? foldCodePoint(c) : c)
    known.set(c, folded)
    return folded
  }
  return (text) => [...text].map(lookUp).join('')
}

/** Microseconds since the epoch of a `ts`, read with nothing of the source under test. */
export function microseconds(ts: string): bigint {
  const [, seconds = '', fraction = ''] = /^([^.Z]+)\.?(\d*)Z$/.exec(ts) ?? []
  return BigInt(new Date(`${seconds}Z`).getTime()) * 1000n + BigInt(fraction.padEnd(6, '0'))
}

function byInstantThenId(a: Message, b: Message): number {
  const difference = microseconds(a.ts) - microseconds(b.ts)
  if (difference !== 0n) return difference < 0n ? -1 : 1
  return Buffer.compare(Buffer.from(a.message_id), Buffer.from(b.message_id))
}

const fiveFields = ({ message_id, from, to, ts, text }: Message): Message => {
  return { message_id, from, to, ts, text }
}

const sameFields = (a: Message, b: Message) =>
  JSON.stringify(fiveFields(a)) === JSON.stringify(fiveFields(b))

/** What a store must answer, worked out by looking at every message each time. */
export class Model {
  readonly #fold: (text: string) => string
  readonly #rows: StoredMessage[] = []

  constructor(fold: (text: string) => string) {
    this.#fold = fold
  }

  /** See Store.append. */
  append(batch: readonly Arrival[]): Receipt[] {
    return batch.map((each) => {
      const { message_id: messageId, receivedAt } = each
      const old = this.find(messageId)
      if (old !== undefined) {
        return { result: 'duplicate', messageId, seq: old.seq, conflict: !sameFields(old, each) }
      }
      const seq = this.#rows.length + 1
      const received_at = new Date(receivedAt).toISOString()
      this.#rows.push({ ...fiveFields(each), seq, received_at })
      return { result: 'created', messageId, seq, conflict: false }
    })
  }

  /** See Store.find. */
  find(messageId: string): StoredMessage | undefined {
    return this.#rows.find((row) => row.message_id === messageId)
  }

  /** See Store.readAfter. */
  readAfter(seq: number, limit: number): StoredMessage[] {
    return this.#rows.filter((row) => row.seq > seq).slice(0, limit)
  }

  /** See Store.list. */
  list({ limit, offset, from, since, q }: ListQuery): Page {
    const matching = this.#rows
      .filter((row) => from === undefined || row.from === from)
      .filter((row) => since === undefined || microseconds(row.ts) >= since)
      .filter((row) => q === undefined || this.#contains(row.text, q))
      .sort(byInstantThenId)
    const start = offset > 1_000_000n ? 1_000_000 : Number(offset)
    return { data: matching.slice(start, start + limit).map(fiveFields), total: matching.length }
  }

  /** See Store.stats. */
  stats(): Stats {
    const rows = [...this.#rows].sort(byInstantThenId)
    const senders = [...new Set(rows.map((row) => row.from))]
    const counts = senders.map((from) => ({
      from,
      count: rows.filter((row) => row.from === from).length,
    }))
    counts.sort((a, b) => b.count - a.count || (a.from < b.from ? -1 : 1))
    return {
      total_messages: rows.length,
      senders_count: senders.length,
      messages_per_sender: counts.slice(0, 10),
      first_message_ts: rows.at(0)?.ts ?? null,
      last_message_ts: rows.at(-1)?.ts ?? null,
    }
  }

  #contains(text: string | null, needle: string): boolean {
    return text !== null && this.#fold(text).includes(this.#fold(needle))
  }
}
