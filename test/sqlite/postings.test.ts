import { Database } from 'bun:sqlite'
import { afterAll, describe, expect, test } from 'bun:test'
import { fold } from '../../src/fold.ts'
import { type GramRange, rangesOf } from '../../src/sqlite/grams.ts'
import { Indexer } from '../../src/sqlite/indexer.ts'
import type { MergeLimits } from '../../src/sqlite/merging.ts'
import { Postings } from '../../src/sqlite/postings.ts'
import { openIndexing, openSearching } from '../../src/sqlite/search_file.ts'
import { segmentsOf } from '../../src/sqlite/segments.ts'
import { openFolder } from '../support/folder.ts'
import { arrival } from '../support/messages.ts'
import { openEngine } from './engine.ts'
import { verify } from './upkept.ts'

const folder = openFolder()
afterAll(() => folder[Symbol.dispose]())

/** Characters by how often they come: the first ones make lists of many blocks. */
const LETTERS = [...'aaaaaaaaaaaaaaaabbbbbbbbccccddef', '\u4f60', '\u{1f600}', 'Z', '\u0416']

const MESSAGES = 30_000

/** The numbers of a linear congruential generator, the same in each run. */
function makeChance(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** Texts of up to a dozen characters; some messages have none, and a few a very long one. */
function makeTexts(seed: number): (string | null)[] {
  const chance = makeChance(seed)
  return Array.from({ length: MESSAGES }, (_, n) => {
    if (n % 31 === 7) return null
    const length = n % 5000 === 1 ? 3000 : chance(13)
    return Array.from({ length }, () => LETTERS[chance(LETTERS.length)]).join('')
  })
}

interface Made {
  readonly path: string
  readonly texts: readonly (string | null)[]
  readonly segments: number
}

/** A store whose messages are indexed in pieces of random size under these limits. */
function make(seed: number, limits: MergeLimits): Made {
  const path = folder.file(`${seed}.db`)
  const texts = makeTexts(seed)
  const chance = makeChance(seed + 1)
  const engine = openEngine(path)
  const db = openIndexing(path)
  const indexer = new Indexer(db, limits)
  for (let from = 0; from < MESSAGES; ) {
    const to = Math.min(MESSAGES, from + 1 + chance(2500))
    const batch = texts.slice(from, to)
    engine.append(batch.map((text, n) => arrival({ message_id: `m${from + n}`, text })))
    engine.settle()
    indexer.advance()
    from = to
  }
  while (indexer.advance());
  const segments = segmentsOf(db).length
  indexer.close()
  engine.close()
  return { path, texts: texts.map((text) => (text === null ? null : fold(text))), segments }
}

/** Every seq that the index names for a needle, after one and up to another. */
function ask(postings: Postings, needle: string, from: number, through: number): number[] {
  const seqs: number[] = []
  let ranges: readonly GramRange[] = rangesOf(needle)
  for (let after = from; ; ) {
    const found = postings.next(ranges, after, through, after > from)
    if (found === undefined) return seqs
    for (const message of found.messages) seqs.push(found.base + message)
    after = found.last
    ranges = found.ranges
  }
}

const seqsWith = (texts: Made['texts'], needle: string) =>
  texts.flatMap((text, index) => (text?.includes(needle) ? [index + 1] : []))

const LIMITS: Record<string, MergeLimits> = {
  'in many segments': { segments: 100, messages: 100_000, messagesMax: 1_000_000, blocks: 1 },
  'merged again and again': { segments: 3, messages: 2000, messagesMax: 12_000, blocks: 1 },
  'merged in long steps': { segments: 4, messages: 4000, messagesMax: 1_000_000, blocks: 1000 },
}

const NEEDLES = ['a', 'f', 'z', '\u4f60', '\u{1f600}', 'aa', 'ab', 'f\u4f60', 'zz', 'xy']
const LONGER = ['aaa', 'cab', 'fed', '\u{1f600}\u4f60a', 'zzz', 'xyz', 'aaaa', 'aabaab', 'abcdef']

describe.each(Object.entries(LIMITS))('an index %s', (name, limits) => {
  const made = make(name.length, limits)
  const db = openSearching(made.path)
  const postings = new Postings(db)
  afterAll(() => db.close(true))

  test.each([...NEEDLES, ...LONGER.slice(0, 6)])('names exactly the texts with %s', (needle) => {
    expect(ask(postings, needle, 0, MESSAGES)).toEqual(seqsWith(made.texts, needle))
  })

  test.each(LONGER.slice(6))('names every text with %s, and few others', (needle) => {
    const named = ask(postings, needle, 0, MESSAGES)
    const meant = seqsWith(made.texts, needle)
    expect(meant.filter((seq) => !named.includes(seq))).toEqual([])
    const grams = Array.from({ length: needle.length - 2 }, (_, at) => needle.slice(at, at + 3))
    const possible = grams.map((gram) => new Set(seqsWith(made.texts, gram)))
    // Of texts that are few already not every gram is asked for.
    const others = named.filter((seq) => !possible.every((seqs) => seqs.has(seq)))
    expect(others.length).toBeLessThanOrEqual(8 * made.segments)
  })

  test('keeps to what comes after one seq and up to another', () => {
    for (const [after, through] of [
      [0, 1],
      [1, 2],
      [777, 9000],
      [12_000, 12_001],
      [29_999, 30_000],
    ]) {
      const [low = 0, high = 0] = [after, through]
      for (const needle of ['a', 'aa', 'aaa', 'f\u4f60']) {
        const meant = seqsWith(made.texts, needle).filter((seq) => seq > low && seq <= high)
        expect(ask(postings, needle, low, high)).toEqual(meant)
      }
    }
    expect(postings.next(rangesOf('a'), MESSAGES, MESSAGES + 9)).toBeUndefined()
  })

  test('is found to be whole', () => {
    expect(verify(made.path)).toEqual({})
  })
})

describe('merging', () => {
  test('leaves as many segments as it should, and none of the blocks of others', () => {
    const counts = Object.entries(LIMITS).map(([name, limits]) => {
      const { path, segments } = make(100 + name.length, limits)
      using db = new Database(`${path}.search`)
      const sql = 'SELECT count(DISTINCT id / 65536) AS n FROM blocks'
      expect(db.query<{ n: number }, []>(sql).get()?.n).toBe(segments)
      return segments
    })
    const [many = 0, ...merged] = counts
    expect(many).toBeGreaterThan(15)
    for (const count of merged) expect(count).toBeLessThan(6)
  })
})

test('a question that is asked again finds what came and was merged meanwhile', () => {
  const path = folder.file('again.db')
  const engine = openEngine(path)
  const limits = { segments: 2, messages: 10, messagesMax: 1000, blocks: 1 }
  const indexer = new Indexer(openIndexing(path), limits)
  const db = openSearching(path)
  const postings = new Postings(db)
  for (let from = 0; from < 100; from += 10) {
    const batch = Array.from({ length: 10 }, (_, n) => `text ${from + n}`)
    engine.append(batch.map((text, n) => arrival({ message_id: `a${from + n}`, text })))
    engine.settle()
    while (indexer.advance());
    const all = Array.from({ length: from + 10 }, (_, n) => n + 1)
    expect(ask(postings, 'tex', 0, 1000)).toEqual(all)
  }
  db.close(true)
  indexer.close()
  engine.close()
})
