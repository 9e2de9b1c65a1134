import { expect } from 'bun:test'
import type { Position } from '../src/cursor.ts'
import type { Message } from '../src/message.ts'
import type { Page } from '../src/page.ts'
import type { ListQuery } from '../src/query.ts'
import type { Store } from '../src/store.ts'
import type { StoreTest } from './store.engine.ts'
import { arrival, arrivals, arrivalsOf, listQuery } from './support/messages.ts'
import { microseconds } from './support/model.ts'

/** The ids that a query lists, in order. */
async function listed(store: Store, query: Partial<ListQuery> = {}): Promise<string[]> {
  const { data } = await store.list(listQuery(query))
  return data.map(({ message_id }) => message_id)
}

/** Where a page ends that ends with the message of this `ts` and id. */
const at = (ts: string, messageId: string): Position => {
  return { instant: microseconds(ts), messageId }
}

const NOON = '2025-01-15T12:00:00Z'

function describeWindows(testStore: StoreTest): void {
  testStore('filters by the exact recipient', async (store) => {
    const recipients = ['+1', '+12', '+1', '+2']
    await store.append(recipients.map((to, n) => arrival({ message_id: `${n}`, to, from: '+2' })))
    expect(await store.list(listQuery({ to: '+1', limit: 1 }))).toMatchObject({ total: 2 })
    expect(await listed(store, { to: '+1' })).toEqual(['0', '2'])
    expect(await listed(store, { to: '+2', from: '+2' })).toEqual(['3'])
    expect(await listed(store, { to: '+3' })).toEqual([])
  })

  testStore('filters by an instant that is itself excluded', async (store) => {
    await store.append(arrivals(3))
    const second = 1_736_935_201_000_000n
    expect(await listed(store, { until: second })).toEqual(['m1'])
    expect(await listed(store, { until: second + 1n })).toEqual(['m1', 'm2'])
    expect(await listed(store, { until: -second })).toEqual([])
    expect(await listed(store, { until: second * 1000n })).toEqual(['m1', 'm2', 'm3'])
  })

  testStore('lists nothing in a window that is empty or ends before it begins', async (store) => {
    await store.append(arrivals(3))
    const second = 1_736_935_201_000_000n
    for (const until of [second, second - 1n, -second]) {
      const query = listQuery({ since: second, until })
      expect(await store.list(query)).toEqual({ data: [], total: 0 })
    }
    expect(await listed(store, { since: second, until: second + 1n })).toEqual(['m2'])
  })

  testStore('adds up two windows that meet to the whole, at any edge', async (store) => {
    const times = ['1969-12-31T22:59:59.999999Z', '1969-12-31T23:00:00Z', '1970-01-01T00:00:00Z']
    await store.append([...times, NOON].map((ts, n) => arrival({ message_id: `${n}`, ts })))
    const edges = [...times, NOON].flatMap((ts) => [-1n, 0n, 1n].map((by) => microseconds(ts) + by))
    for (const edge of edges) {
      const [early, late] = [listQuery({ until: edge }), listQuery({ since: edge })]
      const totals = [(await store.list(early)).total, (await store.list(late)).total]
      expect([edge, (totals[0] ?? 0) + (totals[1] ?? 0)]).toEqual([edge, 4])
    }
  })
}

function describeDescending(testStore: StoreTest): void {
  testStore('lists the latest first, and tied ones by id backwards', async (store) => {
    await store.append([...arrivalsOf('b', 'a', '😀', '\uff5e'), arrival({ ts: NOON })])
    const order = await listed(store)
    expect(await listed(store, { descending: true })).toEqual(order.toReversed())
    expect(order).toEqual(['a', 'b', '\uff5e', '😀', 'm1'])
  })

  testStore('goes to any offset over years, both ways', async (store) => {
    const years = Array.from({ length: 90 }, (_, n) => `${1930 + n}`)
    await store.append(
      years.flatMap((year) =>
        ['03-01T00:00:00Z', '03-01T00:59:59.999999Z', '09-30T23:00:00Z'].map((rest) =>
          arrival({ message_id: `${year}-${rest}`, ts: `${year}-${rest}` }),
        ),
      ),
    )
    const order = [0n, 100n, 200n].map((offset) => listed(store, { limit: 100, offset }))
    const ids = (await Promise.all(order)).flat()
    expect(ids).toEqual(ids.toSorted())
    for (const offset of [0, 1, 2, 3, 88, 119, 120, 121, 149, 268, 269]) {
      const query = { limit: 1, offset: BigInt(offset) }
      expect(await listed(store, query)).toEqual(ids.slice(offset, offset + 1))
      const backwards = await listed(store, { ...query, descending: true })
      expect(backwards).toEqual(ids.toReversed().slice(offset, offset + 1))
    }
  })
}

function describeCursors(testStore: StoreTest): void {
  testStore('tells where a page ends, only when rows follow', async (store) => {
    await store.append(arrivals(4))
    const page = await store.list(listQuery({ limit: 3 }))
    expect(page.end).toEqual(at('2025-01-15T10:00:02Z', 'm3'))
    expect(await store.list(listQuery({ limit: 4 }))).not.toHaveProperty('end')
    expect(await store.list(listQuery({ limit: 3, offset: 1n }))).not.toHaveProperty('end')
    expect(await store.list(listQuery({ limit: 3, offset: 4n }))).not.toHaveProperty('end')
  })

  testStore('goes on after a position, among the ties of one instant', async (store) => {
    const ids = ['a', 'B', '\uff5e', '😀', 'a\0', '\0']
    await store.append(arrivalsOf(...ids))
    const order = await listed(store)
    for (const [n, id] of order.entries()) {
      const after = at(arrival().ts, id)
      expect(await listed(store, { after })).toEqual(order.slice(n + 1))
      const before = order.slice(0, n).reverse()
      expect(await listed(store, { after, descending: true })).toEqual(before)
    }
  })
}

function describeMoves(testStore: StoreTest): void {
  testStore('counts all that match, whatever comes before the position', async (store) => {
    await store.append(arrivals(5))
    const after = at('2025-01-15T10:00:03Z', 'm4')
    const page = await store.list(listQuery({ after }))
    expect(page).toEqual({ data: [expect.objectContaining({ message_id: 'm5' })], total: 5 })
  })

  testStore('goes on after a position where there is no row', async (store) => {
    await store.append(arrivals(3))
    expect(await listed(store, { after: at('2025-01-15T10:00:01Z', '') })).toEqual(['m2', 'm3'])
    expect(await listed(store, { after: at('2025-01-15T10:00:01Z', 'm3') })).toEqual(['m3'])
    expect(await listed(store, { after: at('0001-01-01T00:00:00Z', 'z') })).toHaveLength(3)
    expect(await listed(store, { after: at('9999-12-31T23:59:59Z', 'a') })).toEqual([])
  })

  testStore(
    'shows what comes after the position later, and never what comes before',
    async (store) => {
      await store.append(arrivals(4))
      const first = await store.list(listQuery({ limit: 2 }))
      await store.append([
        arrival({ message_id: 'before', ts: '2025-01-15T10:00:00.5Z' }),
        arrival({ message_id: 'm20', ts: '2025-01-15T10:00:01Z' }),
        arrival({ message_id: 'm1x', ts: '2025-01-15T10:00:01Z' }),
        arrival({ message_id: 'inside', ts: '2025-01-15T10:00:02.5Z' }),
        arrival({ message_id: 'after', ts: NOON }),
      ])
      const { end } = first
      if (end === undefined) throw new Error('the first page has no end')
      const ids = await listed(store, { limit: 2, after: end })
      const rest = await listed(store, { after: end })
      expect(ids).toEqual(['m20', 'm3'])
      expect(rest).toEqual(['m20', 'm3', 'inside', 'm4', 'after'])
    },
  )
}

/** Batches whose messages lie before, inside and after the hour in which the first ones are. */
function scattered(batches: number) {
  const place = (n: number) => new Date(Date.UTC(2025, 0, 15, 8) + n * 977_000).toISOString()
  return Array.from({ length: batches }, (_, n) =>
    Array.from({ length: 5 }, (__, m) => {
      const ts = place((n * 5 + m) % 23)
      return arrival({ message_id: `new ${n}-${m}`, ts, text: 'hello too' })
    }),
  )
}

/** The ids of all pages of a query, one after another, from small pages. */
async function walked(store: Store, query: Partial<ListQuery>): Promise<string[]> {
  const ids: string[] = []
  let next: ListQuery | undefined = listQuery({ ...query, limit: 7 })
  while (next !== undefined && ids.length < 10_000) {
    const { data, end }: Page<Message> = await store.list(next)
    ids.push(...data.map(({ message_id }) => message_id))
    next = end && { ...next, after: end }
  }
  return ids
}

function describeConcurrentWalks(testStore: StoreTest): void {
  const queries = [{}, { descending: true }, { q: 'HELLO' }, { from: '+14155550100', q: 'l' }]
  for (const query of queries) {
    const name = JSON.stringify(query)
    testStore(
      `visits each row of ${name} once while others are stored at the same time`,
      async (store) => {
        await store.append(arrivals(200))
        const there = await listed(store, { ...query, limit: 1000 })
        const writing = scattered(60).map((batch) => store.append(batch))
        const ids = await walked(store, query)
        await Promise.all(writing)
        expect(new Set(ids).size).toBe(ids.length)
        expect(ids.filter((id) => there.includes(id))).toEqual(there)
        const order = await listed(store, { ...query, limit: 1000 })
        expect(ids).toEqual(order.filter((id) => ids.includes(id)))
        expect(there.length).toBe(200)
      },
    )
  }
}

/** Registers the contract's tests of windows, orders and cursors. */
export function describePaging(testStore: StoreTest): void {
  describeWindows(testStore)
  describeDescending(testStore)
  describeCursors(testStore)
  describeMoves(testStore)
  describeConcurrentWalks(testStore)
}
