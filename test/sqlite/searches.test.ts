import { afterEach, describe, expect, test } from 'bun:test'
import type { Arrival } from '../../src/message.ts'
import type { ListQuery } from '../../src/query.ts'
import type { SearchLimits } from '../../src/sqlite/plan.ts'
import type { Store } from '../../src/store.ts'
import { openFolder } from '../support/folder.ts'
import { arrival, listQuery } from '../support/messages.ts'
import { openSearchingStore } from './searching.ts'

const folder = openFolder()
const stores: Store[] = []
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close()
})

/** Only the first message is looked at to tell a rare needle, and nothing is walked for long. */
const RARE: SearchLimits = {
  walkRows: 2,
  sampleMessages: 1,
  sliceMessages: 50,
  hitMessages: 7,
  matches: 40,
}

/** All messages are looked at, so that a needle in every other one is common. */
const COMMON: SearchLimits = { ...RARE, sampleMessages: 64 }

/** A store that holds the first messages in its search index, and the others beside it. */
async function storeOf(
  limits: SearchLimits,
  messages: readonly Arrival[],
  others: readonly Arrival[] = [],
): Promise<Store> {
  const path = folder.file(`${crypto.randomUUID()}.db`)
  const store = openSearchingStore(path, { limits, catching: 'sometimes' })
  stores.push(store)
  await store.append(messages)
  if (others.length > 0) await store.append(others)
  return store
}

async function idsOf(store: Store, query: Partial<ListQuery>): Promise<string[]> {
  return (await store.list(listQuery(query))).data.map((row) => row.message_id)
}

const COUNT = 40

/** Goes through all numbers below COUNT in an order that is far from ascending. */
const shuffled = (n: number) => (n * 23 + 7) % COUNT

const number = (n: number) => String(n).padStart(2, '0')

/** One message that does not match, for the sample, and many that do, at these instants. */
function matches(tsOf: (n: number) => string): Arrival[] {
  const plain = arrival({ message_id: 'first', text: 'something else' })
  const named = Array.from({ length: COUNT }, (_, index) => shuffled(index)).map((n) =>
    arrival({ message_id: `m${number(n)}`, ts: tsOf(n), text: `a needle, ${n}` }),
  )
  return [plain, ...named]
}

const ids = (...numbers: number[]) => numbers.map((n) => `m${number(n)}`)

describe('the first ones of many matches of a rare needle', () => {
  const minutes = matches((n) => `2025-01-15T10:${number(n)}:00Z`)

  test('are the earliest, and those after an offset', async () => {
    const store = await storeOf(RARE, minutes)
    expect(await idsOf(store, { q: 'NEEDLE', limit: 3 })).toEqual(ids(0, 1, 2))
    expect(await idsOf(store, { q: 'NEEDLE', limit: 2, offset: 5n })).toEqual(ids(5, 6))
  })

  test('are the latest when the order is descending', async () => {
    const store = await storeOf(RARE, minutes)
    const query = { q: 'needle', limit: 3, descending: true }
    expect(await idsOf(store, query)).toEqual(ids(39, 38, 37))
    expect(await idsOf(store, { ...query, offset: 30n })).toEqual(ids(9, 8, 7))
  })

  test('are those with the least ids within one instant, by their bytes', async () => {
    const store = await storeOf(
      RARE,
      matches(() => '2025-01-15T10:00:00Z'),
    )
    expect(await idsOf(store, { q: 'needle', limit: 3 })).toEqual(ids(0, 1, 2))
    const backwards = { q: 'needle', limit: 3, descending: true }
    expect(await idsOf(store, backwards)).toEqual(ids(39, 38, 37))
  })
})

describe('a total that is remembered', () => {
  test.each([RARE, COMMON])('counts what comes later, indexed or not (%j)', async (limits) => {
    const store = await storeOf(
      limits,
      matches(() => '2025-01-15T10:00:00Z'),
    )
    const total = async () => (await store.list(listQuery({ q: 'needle', limit: 1 }))).total
    const add = (name: string, text: string) => store.append([arrival({ message_id: name, text })])
    expect([await total(), await total()]).toEqual([COUNT, COUNT])
    await add('later', 'one more needle')
    expect([await total(), await total()]).toEqual([COUNT + 1, COUNT + 1])
    await add('other', 'no match')
    await add('last', 'NEEDLES')
    expect(await total()).toBe(COUNT + 2)
  })
})

test.each([RARE, { ...RARE, matches: 9 }])(
  'what was found for a needle is found again, for other filters and later (%j)',
  async (limits) => {
    const some = Array.from({ length: 30 }, (_, n) =>
      arrival({ message_id: `m${number(n)}`, from: `+${1 + (n % 3)}`, text: `a needle, ${n}` }),
    )
    const plain = arrival({ message_id: 'first', text: 'something else' })
    const store = await storeOf(limits, [plain, ...some])
    const total = async (query: Partial<ListQuery>) =>
      (await store.list(listQuery({ ...query, q: 'needle', limit: 1 }))).total
    expect(await total({ from: '+2' })).toBe(10)
    expect([await total({}), await total({})]).toEqual([30, 30])
    expect([await total({ from: '+2' }), await total({ from: '+3' })]).toEqual([10, 10])
    await store.append([arrival({ message_id: 'later', from: '+2', text: 'one more needle' })])
    expect([await total({ from: '+2' }), await total({}), await total({})]).toEqual([11, 31, 31])
  },
)

describe('the total of a common needle that the index alone could tell', () => {
  /** Every other message is of the one sender, or of the other; each third has the needle. */
  const mixed = Array.from({ length: 120 }, (_, n) =>
    arrival({
      message_id: `m${n}`,
      from: `+${n % 2}`,
      to: `+${n % 4}`,
      ts: `2025-01-15T10:00:${number(n % 60)}Z`,
      text: n % 3 === 0 ? 'abc' : 'something else',
    }),
  )

  const QUERIES: [string, Partial<ListQuery>, number][] = [
    ['nothing else', {}, 40],
    ['a sender', { from: '+1' }, 20],
    ['a recipient', { to: '+3' }, 10],
    ['a beginning', { since: BigInt(Date.UTC(2025, 0, 15, 10, 0, 30)) * 1000n }, 20],
    ['an end', { until: BigInt(Date.UTC(2025, 0, 15, 10, 0, 30)) * 1000n }, 20],
    ['both parties', { from: '+0', to: '+2' }, 10],
  ]

  test.each(QUERIES)('with %s is that of what matches both', async (_, filter, total) => {
    const store = await storeOf(COMMON, mixed)
    for (const q of ['a', 'ab', 'abc']) {
      expect((await store.list(listQuery({ ...filter, q, limit: 1 }))).total).toBe(total)
    }
  })

  test('counts what the index does not have yet', async () => {
    const later = ['abc', 'something else', 'abc'].map((text, n) =>
      arrival({ message_id: `later${n}`, text }),
    )
    const store = await storeOf(COMMON, mixed, later)
    expect((await store.list(listQuery({ q: 'abc', limit: 1 }))).total).toBe(42)
  })

  test('leaves out texts that have the grams of a longer one apart', async () => {
    const texts = ['has abcde in it', 'has abcd and bcde in it']
    const some = Array.from({ length: COUNT }, (_, n) =>
      arrival({ message_id: `m${n}`, text: texts[n % 2] ?? null }),
    )
    const store = await storeOf(COMMON, some)
    expect((await store.list(listQuery({ q: 'abcde', limit: 1 }))).total).toBe(COUNT / 2)
  })
})

describe('the last characters of a text', () => {
  test.each([RARE, COMMON])('are found as any others are (%j)', async (limits) => {
    const texts = ['plain', 'plain xyz', 'plain qy', 'z', 'yz', '\u4f60', 'plain \u{1f600}']
    const store = await storeOf(
      limits,
      texts.map((text, n) => arrival({ message_id: `m${n}`, text })),
    )
    const found = (q: string) => idsOf(store, { q })
    expect(await found('z')).toEqual(['m1', 'm3', 'm4'])
    expect(await found('yz')).toEqual(['m1', 'm4'])
    expect(await found('xyz')).toEqual(['m1'])
    expect(await found('qy')).toEqual(['m2'])
    expect(await found('\u4f60')).toEqual(['m5'])
    expect(await found(' \u{1f600}')).toEqual(['m6'])
    expect(await found('\u{1f600}')).toEqual(['m6'])
  })
})

describe.each([
  ['rare', RARE],
  ['common', COMMON],
])('a %s needle', (_, limits) => {
  const TEXTS = ['plain', 'abc bcd', 'abcd', 'the abcde', 'plain', 'bcd abc', 'ABCD', 'bcd']
  const messages = TEXTS.map((text, n) => arrival({ message_id: `m${n}`, text }))
  const cases = [
    ['all of them indexed', messages, []],
    ['half of them indexed', messages.slice(0, 4), messages.slice(4)],
  ] as const

  test.each(cases)('is found and counted exactly, %s', async (__, first, others) => {
    const store = await storeOf(limits, first, others)
    for (const needle of ['abcd', 'abc', 'bcd', 'ab', 'c', 'abcde', 'plain', 'bcda']) {
      const meant = messages.filter(({ text }) => text?.toLowerCase().includes(needle))
      const page = await store.list(listQuery({ q: needle }))
      expect(page.data.map((row) => row.message_id)).toEqual(meant.map((row) => row.message_id))
      expect(page.total).toBe(meant.length)
    }
  })

  test('has the same total on each page along the cursors', async () => {
    const store = await storeOf(limits, messages.slice(0, 5), messages.slice(5))
    const found: string[] = []
    for (let query: ListQuery | undefined = listQuery({ q: 'bcd', limit: 2 }); query; ) {
      const page = await store.list(query)
      expect(page.total).toBe(6)
      found.push(...page.data.map((row) => row.message_id))
      query = page.end && { ...query, after: page.end }
    }
    expect(found).toEqual(['m1', 'm2', 'm3', 'm5', 'm6', 'm7'])
  })
})
