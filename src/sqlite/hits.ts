import type { SQLQueryBindings } from 'bun:sqlite'
import { type GramRange, rangesOf } from './grams.ts'
import type { Tools } from './plan.ts'
import type { Found } from './postings.ts'

/** Where more than one in so many messages is a hit, all of them are walked instead. */
const DENSE_ONE_IN = 8

/** Messages to look at: those with these numbers, or all after a seq and up to another. */
export type Hits =
  | { readonly seqs: readonly number[] }
  | { readonly after: number; readonly through: number }

/**
 * What the index finds after a seq and up to another, segment by segment. Returns the last seq
 * that it knows of.
 */
export function* foundIn({ postings }: Tools, needle: string, through: number, from = 0) {
  let ranges: readonly GramRange[] = rangesOf(needle)
  let after = from
  for (;;) {
    const found: Found | undefined = postings.next(ranges, after, through, after > from)
    if (found === undefined) return after
    yield found
    after = found.last
    ranges = found.ranges
  }
}

function hitsAmong({ base, messages }: Found, from: number, to: number): Hits {
  const [first = 0, last = 0] = [messages[from], messages[to - 1]]
  if (last - first + 1 < (to - from) * DENSE_ONE_IN) {
    return { after: base + first - 1, through: base + last }
  }
  return { seqs: Array.from(messages.subarray(from, to), (message) => base + message) }
}

/**
 * Everything that may hold a folded needle after a seq and up to another, by number and some
 * thousand at a time: the messages that the index names, and then those that it does not know yet.
 */
export function* hitsOf(tools: Tools, needle: string, through: number, from = 0): Generator<Hits> {
  const { hitMessages } = tools.limits
  const found = foundIn(tools, needle, through, from)
  let step = found.next()
  for (; !step.done; step = found.next()) {
    const { length } = step.value.messages
    for (let at = 0; at < length; at += hitMessages) {
      yield hitsAmong(step.value, at, Math.min(at + hitMessages, length))
    }
  }
  for (let after = step.value; after < through; after += hitMessages) {
    yield { after, through: Math.min(after + hitMessages, through) }
  }
}

/** The messages of hits as what a statement selects from, with its bindings and a condition. */
export function selectFrom(hits: Hits): { source: string; bindings: SQLQueryBindings[] } {
  return 'seqs' in hits
    ? {
        source: 'json_each(?) AS hits CROSS JOIN messages ON seq = hits.value',
        bindings: [JSON.stringify(hits.seqs)],
      }
    : {
        source: '(SELECT ? AS low, ? AS high) CROSS JOIN messages ON seq > low AND seq <= high',
        bindings: [hits.after, hits.through],
      }
}
