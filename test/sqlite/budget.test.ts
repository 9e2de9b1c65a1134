import { afterAll, describe, expect, test } from 'bun:test'
import type { Message } from '../../src/message.ts'
import type { Page } from '../../src/page.ts'
import type { ListQuery } from '../../src/query.ts'
import { Indexer } from '../../src/sqlite/indexer.ts'
import { Reader } from '../../src/sqlite/reader.ts'
import { openIndexing, openSearching } from '../../src/sqlite/search_file.ts'
import { QueryStopped } from '../../src/store.ts'
import { openFolder } from '../support/folder.ts'
import { listQuery } from '../support/messages.ts'
import { openEngine } from './engine.ts'
import { makeStore, various } from './upkept.ts'

const folder = openFolder()
afterAll(() => folder[Symbol.dispose]())

const MESSAGES = 600

/** Under these every way of finding and counting takes many steps. */
const LIMITS = { walkRows: 20, sampleMessages: 64, sliceMessages: 20, hitMessages: 10, matches: 0 }

/** A database of several scripts and parties; of its texts the last hundred are not indexed. */
const path = folder.file('app.db')
{
  const engine = openEngine(path)
  const all = various(MESSAGES)
  engine.append(all.slice(0, MESSAGES - 100))
  engine.settle()
  const indexer = new Indexer(openIndexing(path))
  while (indexer.advance());
  indexer.close()
  engine.append(all.slice(MESSAGES - 100))
  engine.close()
}

/** Readers whose clock goes on by a millisecond with every look at it. */
function openReader(): Reader {
  let time = 0
  const now = () => {
    time += 1
    return time
  }
  return new Reader(openSearching(path), { now, limits: LIMITS })
}

const someone = () => new Int32Array(new SharedArrayBuffer(4))

const nobody = () => someone().fill(1)

const QUERIES: Record<string, Partial<ListQuery>> = {
  everything: {},
  'a deep page': { offset: 300n },
  'a sender, deep': { from: '+1', offset: 20n },
  'a window of a recipient': { to: '+91', since: 0n },
  'a sender and a recipient': { from: '+1', to: '+91' },
  'a sender and a recipient, backwards and deep': {
    from: '+1',
    to: '+91',
    descending: true,
    offset: 3n,
  },
  'a common needle': { q: 'L' },
  'a common pair': { q: 'lo' },
  'a rare needle': { q: 'hello 505' },
  'a needle that is nowhere': { q: 'olleh' },
  'a needle of a sender': { q: 'o', from: '+2' },
  'a needle in a window': { q: 'o', since: -100_000_000_000n, until: 200_000_000_000n },
}

type Verb = 'list' | 'search'

const verbOf = ({ q, from, to }: Partial<ListQuery>): Verb =>
  q === undefined && (from === undefined || to === undefined) ? 'list' : 'search'

/** The answer within so many looks at the clock; undefined when it is stopped for them. */
function within(
  reader: Reader,
  query: Partial<ListQuery>,
  milliseconds: number,
): Page<Message> | undefined {
  try {
    return reader[verbOf(query)](listQuery(query), { milliseconds, gone: someone() })
  } catch (error) {
    expect(error).toEqual(new QueryStopped('timeout'))
    return undefined
  }
}

describe.each(Object.entries(QUERIES))('a query for %s', (_, query) => {
  test('is answered exactly or stopped, whenever its time is over', () => {
    const reader = openReader()
    const whole = reader[verbOf(query)](listQuery(query))
    reader.close()
    const stopped: number[] = []
    for (let milliseconds = 0; milliseconds < 80; milliseconds += 1) {
      const fresh = openReader()
      const page = within(fresh, query, milliseconds)
      if (page === undefined) stopped.push(milliseconds)
      else expect(page).toEqual(whole)
      // What was stopped has left nothing behind that a later question would go by.
      expect(fresh[verbOf(query)](listQuery(query))).toEqual(whole)
      fresh.close()
    }
    // Its time is looked at first of all, and not only then; once it suffices it always does.
    expect(stopped.length).toBeGreaterThan(1)
    expect(stopped).toEqual(stopped.map((__, n) => n))
  })

  test('is not begun for nobody', () => {
    const reader = openReader()
    const ask = () => reader[verbOf(query)](listQuery(query), { milliseconds: 1e9, gone: nobody() })
    expect(ask).toThrow(new QueryStopped('cancelled'))
    reader.close()
  })
})

describe('the searches after a start that nobody asked for', () => {
  test('come to an end, and change no answer', () => {
    const reader = openReader()
    let steps = 1
    while (steps < 100 && reader.prepare(steps - 1)) steps += 1
    expect(steps).toBe(8)
    const fresh = openReader()
    for (const query of Object.values(QUERIES)) {
      const whole = fresh[verbOf(query)](listQuery(query))
      expect(reader[verbOf(query)](listQuery(query))).toEqual(whole)
    }
    fresh.close()
    reader.close()
  })

  test('are none where there is no text', () => {
    const empty = folder.file('empty.db')
    makeStore(empty, 0)
    const reader = new Reader(openSearching(empty))
    expect(reader.prepare(0)).toBe(false)
    reader.close()
  })
})
