import type { Draw } from './draw.ts'

/** What a kind of read must reach on the largest store; times are in milliseconds. */
export interface Goal {
  /** The p99 must be less. */
  readonly under: number
  /** The p99 must be at most so many times that of the smallest store. */
  readonly growth?: number
}

/** One kind of read. */
export interface Kind {
  readonly name: string
  /** Path and query of one request. */
  readonly path: (draw: Draw) => string
  /** Whether a request follows the `Link` that the path's page answers, instead of the path. */
  readonly follow?: boolean
  readonly goal?: Goal
}

const FLAT: Goal = { under: 5, growth: 2 }
const QUICK: Goal = { under: 20 }

const list = (query: string) => `/messages${query === '' ? '' : `?${query}`}`

const search = (name: string, sort: Parameters<Draw['needle']>[0], goal?: Goal): Kind => ({
  name,
  path: ({ needle }) => list(`q=${needle(sort)}`),
  ...(goal && { goal }),
})

/** Every kind of read with random parameters, in the order of the table. */
export const KINDS: readonly Kind[] = [
  // No store is asked: what HTTP, the log line and the machine's other work cost.
  { name: '/health/live, no store', path: () => '/health/live' },
  { name: 'first page', path: () => list(''), goal: FLAT },
  { name: 'first page, order=desc', path: () => list('order=desc'), goal: FLAT },
  { name: 'from', path: ({ from }) => list(`from=${from()}`), goal: FLAT },
  { name: 'since', path: ({ instant }) => list(`since=${instant()}`), goal: FLAT },
  { name: 'until', path: ({ instant }) => list(`until=${instant()}`), goal: FLAT },
  {
    name: 'from and since',
    path: ({ from, instant }) => list(`from=${from()}&since=${instant()}`),
    goal: FLAT,
  },
  {
    name: 'from and since, the busiest',
    path: ({ busiest, instant }) => list(`from=${busiest()}&since=${instant()}`),
  },
  { name: 'to', path: ({ to }) => list(`to=${to()}`) },
  { name: 'to and since', path: ({ to, instant }) => list(`to=${to()}&since=${instant()}`) },
  {
    name: 'cursor, a deep page',
    path: ({ offset }) => list(`offset=${offset()}`),
    follow: true,
    goal: FLAT,
  },
  { name: 'offset=N-50', path: ({ count }) => list(`offset=${count - 50}`), goal: QUICK },
  { name: 'offset anywhere', path: ({ offset }) => list(`offset=${offset()}`), goal: QUICK },
  { name: '/stats', path: () => '/stats', goal: FLAT },
  { name: 'one message', path: ({ id }) => `/messages/${id()}`, goal: FLAT },
  search('q, a rare word of 4 or more', 'rareWords', QUICK),
  search('q, two rare ASCII characters', 'rareAscii', QUICK),
  search('q, two rare Han characters', 'rareHan', QUICK),
  search('q, one rare character', 'rareCharacters', QUICK),
  search('q, nowhere', 'missing', QUICK),
  search('q, in one of 1,000 rows', 'middling'),
  search('q, in one of 8 to 20 rows, total known', 'common', QUICK),
]
