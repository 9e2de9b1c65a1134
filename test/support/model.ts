import type { Position } from '../../src/cursor.ts'
import type { Arrival, Message, MessageRecord } from '../../src/message.ts'
import type { Receipt } from '../../src/outcome.ts'
import type { Page } from '../../src/page.ts'
import type { ListQuery, Stats } from '../../src/query.ts'

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

/** A message with its place in the order: the instant, then the bytes of the id. */
interface Row extends MessageRecord {
  readonly instant: bigint
  readonly bytes: Buffer
}

type Place = Pick<Row, 'instant' | 'bytes'>

function byPlace(a: Place, b: Place): number {
  if (a.instant !== b.instant) return a.instant < b.instant ? -1 : 1
  return Buffer.compare(a.bytes, b.bytes)
}

const placeOf = ({ instant, messageId }: Position): Place => {
  return { instant, bytes: Buffer.from(messageId) }
}

const fiveFields = ({ message_id, from, to, ts, text }: Message): Message => {
  return { message_id, from, to, ts, text }
}

const sameFields = (a: Message, b: Message) =>
  JSON.stringify(fiveFields(a)) === JSON.stringify(fiveFields(b))

const stored = ({ instant: _, bytes: __, ...record }: Row): MessageRecord => record

/** What a store must answer, worked out by looking at every message each time. */
export class Model {
  readonly #fold: (text: string) => string
  readonly #rows: Row[] = []

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
      const place = placeOf({ instant: microseconds(each.ts), messageId })
      this.#rows.push({ ...fiveFields(each), seq, received_at, ...place })
      return { result: 'created', messageId, seq, conflict: false }
    })
  }

  /** See Store.find. */
  find(messageId: string): MessageRecord | undefined {
    const row = this.#rows.find(({ message_id }) => message_id === messageId)
    return row && stored(row)
  }

  /** See Store.readAfter. */
  readAfter(seq: number, limit: number): MessageRecord[] {
    const rows = this.#rows.filter((row) => row.seq > seq)
    return rows.slice(0, limit).map(stored)
  }

  /** See Store.list. */
  list(query: ListQuery): Page<Message> {
    const { limit, offset, after } = query
    const matching = this.#matching(query)
    const left =
      after === undefined
        ? matching
        : matching.filter((row) => inOrder(placeOf(after), row, query) < 0)
    const start = offset > 1_000_000n ? 1_000_000 : Number(offset)
    const rows = left.slice(start, start + limit)
    const page = { data: rows.map(fiveFields), total: matching.length }
    const last = rows.at(-1)
    if (last === undefined || start + limit >= left.length) return page
    return { ...page, end: { instant: last.instant, messageId: last.message_id } }
  }

  /** See Store.stats. */
  stats(): Stats {
    const rows = this.#rows.toSorted(byPlace)
    const counts = new Map<string, number>()
    for (const { from } of rows) counts.set(from, (counts.get(from) ?? 0) + 1)
    const senders = [...counts].map(([from, count]) => ({ from, count }))
    senders.sort((a, b) => b.count - a.count || (a.from < b.from ? -1 : 1))
    return {
      total_messages: rows.length,
      senders_count: senders.length,
      messages_per_sender: senders.slice(0, 10),
      first_message_ts: rows.at(0)?.ts ?? null,
      last_message_ts: rows.at(-1)?.ts ?? null,
    }
  }

  /** All rows that the filters let through, in the query's order. */
  #matching(query: ListQuery): Row[] {
    const { from, to, since, until, q } = query
    return this.#rows
      .filter((row) => from === undefined || row.from === from)
      .filter((row) => to === undefined || row.to === to)
      .filter((row) => since === undefined || row.instant >= since)
      .filter((row) => until === undefined || row.instant < until)
      .filter((row) => q === undefined || this.#contains(row.text, q))
      .sort((a, b) => inOrder(a, b, query))
  }

  #contains(text: string | null, needle: string): boolean {
    return text !== null && this.#fold(text).includes(this.#fold(needle))
  }
}

const inOrder = (a: Place, b: Place, { descending }: ListQuery) =>
  descending ? byPlace(b, a) : byPlace(a, b)
