import type { Database } from 'bun:sqlite'
import { fold } from '../fold.ts'
import type { ListQuery } from '../query.ts'
import { countAll, led } from './count.ts'
import type { Matches } from './matches.ts'
import type { Postings } from './postings.ts'
import type { Sample } from './sample.ts'
import type { LedQuery } from './where.ts'
import { instantAt } from './windows.ts'

/** What a search may look at before it takes another way or a look at its budget. */
export interface SearchLimits {
  /** Rows that a page may look at one by one. */
  readonly walkRows: number
  /** Messages that are looked at to tell a common needle from a rare one. */
  readonly sampleMessages: number
  /** Messages that one statement counts over. */
  readonly sliceMessages: number
  /** Messages that one statement takes from the index. */
  readonly hitMessages: number
  /** Matches of one needle that are remembered. */
  readonly matches: number
}

/** Each step is some milliseconds: 20 for a walk, 50 for a slice, 20 for hits or matches. */
export const SEARCH_LIMITS: SearchLimits = {
  walkRows: 20_000,
  sampleMessages: 2048,
  sliceMessages: 100_000,
  hitMessages: 4096,
  matches: 4096,
}

/** What a search works with. */
export interface Tools {
  /** A connection that has the search index. */
  readonly db: Database
  readonly sample: Sample
  readonly postings: Postings
  readonly matches: Matches
  readonly limits: SearchLimits
}

/** A query that may have to look at many messages, and how its rows are best found. */
export interface Search {
  readonly query: LedQuery
  /** The folded needle, if there is one. */
  readonly needle: string | undefined
  /**
   * `narrow`: the indexes leave so few rows that each can be looked at. `walk`: walking in order
   * meets matches soon, or there is no other way. `index`: the search index names few enough.
   */
  readonly kind: 'narrow' | 'walk' | 'index'
  /** About how many messages have the needle, among all. */
  readonly expected: number
}

/** A needle is common when it is in one of so many messages: then a short walk fills a page. */
const COMMON_ONE_IN = 512

/** Looks at how many rows a query concerns and how common its needle is: a millisecond or two. */
export function planSearch({ db, sample, limits }: Tools, query: ListQuery): Search {
  const needle = query.q === undefined ? undefined : fold(query.q)
  const planned = { query: led(db, query), needle, expected: 0 }
  if (instantAt(db, planned.query, limits.walkRows) === undefined) {
    return { ...planned, kind: 'narrow' }
  }
  if (needle === undefined) return { ...planned, kind: 'walk' }
  const size = Math.max(1, sample.size)
  const found = sample.count(needle, size)
  const expected = (countAll(db) * found) / size
  const common = found >= Math.max(1, size / COMMON_ONE_IN)
  return { ...planned, expected, kind: common ? 'walk' : 'index' }
}
