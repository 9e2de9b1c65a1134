import { expect } from 'bun:test'
import type { ListQuery } from '../src/query.ts'
import type { Store } from '../src/store.ts'
import type { StoreTest } from './store.engine.ts'
import { arrival, arrivals, arrivalsOf, listQuery } from './support/messages.ts'

/** The ids that a query lists, in order. */
async function listed(store: Store, query: Partial<ListQuery> = {}): Promise<string[]> {
  const { data } = await store.list(listQuery(query))
  return data.map(({ message_id }) => message_id)
}

/** The texts that hold a needle. */
async function find(store: Store, q: string): Promise<(string | null)[]> {
  const { data, total } = await store.list(listQuery({ q }))
  expect(total).toBe(data.length)
  return data.map(({ text }) => text)
}

/** Stores these texts under their numbers, `0` and up. */
async function storeTexts(store: Store, texts: readonly (string | null)[]): Promise<void> {
  await store.append(texts.map((text, n) => arrival({ message_id: `${n}`, text })))
}

function describeRecords(testStore: StoreTest): void {
  testStore('finds a message with all that is kept of it', async (store) => {
    const { receivedAt, ...fields } = arrival({ text: null, receivedAt: 1_736_935_200_123 })
    await store.append([{ ...fields, receivedAt }])
    const record = { ...fields, seq: 1, received_at: '2025-01-15T10:00:00.123Z' }
    expect(await store.find('m1')).toEqual(record)
    expect(await store.readAfter(0, 10)).toEqual([record])
    expect((await store.list(listQuery())).data).toEqual([fields])
  })

  testStore('finds nothing under an unknown id', async (store) => {
    await store.append(arrivalsOf('a'))
    expect(await store.find('A')).toBeUndefined()
    expect(await store.find('')).toBeUndefined()
    expect(await store.find('a\0')).toBeUndefined()
  })

  testStore('gives back every string as it was sent', async (store) => {
    const odd = {
      message_id: ' \0é\u{10ffff}',
      text: 'a\0b\r\n\ufeff"\\😀',
      ts: '0001-01-01T00:00:00.10Z',
    }
    await store.append([arrival(odd)])
    expect(await store.find(odd.message_id)).toMatchObject(odd)
    expect((await store.list(listQuery())).data).toMatchObject([odd])
  })

  testStore('reads on after a seq, in order, so many at a time', async (store) => {
    await store.append(arrivals(10))
    const seqs = async (seq: number, limit: number) =>
      (await store.readAfter(seq, limit)).map((each) => each.seq)
    expect(await seqs(0, 3)).toEqual([1, 2, 3])
    expect(await seqs(3, 3)).toEqual([4, 5, 6])
    expect(await seqs(8, 100)).toEqual([9, 10])
    expect(await seqs(10, 100)).toEqual([])
    expect(await seqs(99, 100)).toEqual([])
  })

  testStore('reads on in the order of arrival, not of ts', async (store) => {
    await store.append(arrivals(5).reverse())
    const ids = (await store.readAfter(0, 10)).map(({ message_id }) => message_id)
    expect(ids).toEqual(['m5', 'm4', 'm3', 'm2', 'm1'])
  })
}

function describeOrder(testStore: StoreTest): void {
  testStore('lists by instant, where a fraction is later than none', async (store) => {
    const times = ['00.500Z', '01Z', '00Z', '00.05Z', '00.500000Z', '00.49Z']
    await store.append(
      times.map((end, n) => arrival({ message_id: `${n}`, ts: `2025-01-15T10:00:${end}` })),
    )
    expect(await listed(store)).toEqual(['2', '3', '5', '0', '4', '1'])
  })

  testStore('lists years 1, 1969 and 9999 in their order', async (store) => {
    const years = ['9999', '1970', '0001', '1969', '2025']
    await store.append(
      years.map((year) => arrival({ message_id: year, ts: `${year}-06-01T00:00:00Z` })),
    )
    expect(await listed(store)).toEqual(years.toSorted())
  })

  testStore('lists messages of one instant by the bytes of their ids', async (store) => {
    const ids = ['B', 'a', 'b', '\0', '10', '9', 'é', 'z', '\uff5e', '😀', '\u{10000}', 'ab', 'a\0']
    await store.append(arrivalsOf(...ids))
    const byBytes = ids.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    expect(await listed(store)).toEqual(byBytes)
    expect(byBytes.indexOf('😀')).toBeGreaterThan(byBytes.indexOf('\uff5e'))
  })

  testStore('pages through everything without a gap or a repeat', async (store) => {
    await store.append(arrivals(25).reverse())
    const pages = [0n, 10n, 20n, 30n].map((offset) => listed(store, { limit: 10, offset }))
    const all = (await Promise.all(pages)).flat()
    expect(all).toEqual(arrivals(25).map(({ message_id }) => message_id))
  })

  testStore('answers an empty page and the total past the end, however far', async (store) => {
    await store.append(arrivals(3))
    const far = [3n, 2n ** 31n, 2n ** 53n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n, 10n ** 100n]
    for (const offset of far) {
      expect(await store.list(listQuery({ offset }))).toEqual({ data: [], total: 3 })
    }
  })

  testStore('lists nothing of an empty store', async (store) => {
    expect(await store.list(listQuery())).toEqual({ data: [], total: 0 })
  })
}

function describeFilters(testStore: StoreTest): void {
  testStore('filters by the exact sender', async (store) => {
    const senders = ['+1', '+12', '+1', '+2']
    await store.append(senders.map((from, n) => arrival({ message_id: `${n}`, from, to: '+2' })))
    expect(await store.list(listQuery({ from: '+1', limit: 1 }))).toMatchObject({ total: 2 })
    expect(await listed(store, { from: '+1' })).toEqual(['0', '2'])
    expect(await listed(store, { from: '+3' })).toEqual([])
    expect(await listed(store, { from: '1' })).toEqual([])
    expect(await listed(store, { from: "+1' OR '1'='1" })).toEqual([])
  })

  testStore('filters by an instant that is itself included', async (store) => {
    await store.append(arrivals(3))
    const second = 1_736_935_201_000_000n
    expect(await listed(store, { since: second })).toEqual(['m2', 'm3'])
    expect(await listed(store, { since: second + 1n })).toEqual(['m3'])
    expect(await listed(store, { since: second * 1000n })).toEqual([])
    expect(await listed(store, { since: -second })).toEqual(['m1', 'm2', 'm3'])
  })

  testStore('combines filters with AND', async (store) => {
    await store.append([
      arrival({ message_id: 'a', from: '+1', text: 'x', ts: '2025-01-01T00:00:00Z' }),
      arrival({ message_id: 'b', from: '+1', text: 'x', ts: '2025-01-03T00:00:00Z' }),
      arrival({ message_id: 'c', from: '+2', text: 'x', ts: '2025-01-03T00:00:00Z' }),
      arrival({ message_id: 'd', from: '+1', text: 'y', ts: '2025-01-03T00:00:00Z' }),
    ])
    const since = BigInt(Date.UTC(2025, 0, 2)) * 1000n
    expect(await listed(store, { from: '+1', q: 'X', since })).toEqual(['b'])
  })
}

/** Needles, and texts that equal them but for case. */
const FOLDED: readonly [needle: string, text: string][] = [
  ['école', 'École'],
  ['ПРИВЕТ', 'скажи привет'],
  ['STRASSE 1', 'Straße 1'],
  ['straße 2', 'STRASSE 2'],
  ['οδος', 'ΟΔΟΣ'],
  ['ΟΔΌΣ', 'οδός'],
  ['office', 'oﬃce'],
  ['kelvin', '\u212aelvin'],
  ['after nul', 'x\0AFTER NUL'],
  ['𐐨', '𐐀'],
  ['İ', 'i\u0307'],
]

function describeNeedles(testStore: StoreTest): void {
  testStore('never matches q in a message without text', async (store) => {
    await storeTexts(store, [null, '', 'null'])
    expect(await listed(store, { q: 'null' })).toEqual(['2'])
    expect(await listed(store, { q: 'n' })).toEqual(['2'])
  })

  testStore('counts the bytes and the code points of no needle wrong', async (store) => {
    await storeTexts(store, ['😀', '\ud83d\ude01', 'é', 'e\u0301', '你好'])
    expect(await listed(store, { q: '😀' })).toEqual(['0'])
    expect(await listed(store, { q: 'e' })).toEqual(['3'])
    expect(await listed(store, { q: '\u0301' })).toEqual(['3'])
    expect(await listed(store, { q: '好' })).toEqual(['4'])
  })

  testStore('takes wildcards, quotes and NUL in q as themselves', async (store) => {
    const needles = ['%', '_', '\\', '"', '*', "'", '?', '[', '\0', ';', '^', '%%', '""', '\\%']
    const texts = needles.map((needle) => `x${needle}y`)
    await storeTexts(store, ['plain xy', 'xXy', 'x', '', ...texts])
    const pages = await Promise.all(needles.map((needle) => find(store, `X${needle}Y`)))
    expect(pages).toEqual(texts.map((text) => [text]))
  })

  testStore('ignores case in q in every script', async (store) => {
    await storeTexts(
      store,
      FOLDED.map(([, text]) => text),
    )
    const pages = await Promise.all(FOLDED.map(([needle]) => find(store, needle)))
    expect(pages).toEqual(FOLDED.map(([, text]) => [text]))
  })

  testStore('keeps dotless and dotted i apart', async (store) => {
    await storeTexts(store, ['ılık', 'ILIK', 'İstanbul'])
    expect(await listed(store, { q: 'ı' })).toEqual(['0'])
    expect(await listed(store, { q: 'ilik' })).toEqual(['1'])
    expect(await listed(store, { q: 'i\u0307stanbul' })).toEqual(['2'])
  })
}

function describeStats(testStore: StoreTest): void {
  testStore('has stats of nothing while it is empty', async (store) => {
    expect(await store.stats()).toEqual({
      total_messages: 0,
      senders_count: 0,
      messages_per_sender: [],
      first_message_ts: null,
      last_message_ts: null,
    })
  })

  testStore('counts senders, the busiest first and equal ones by number', async (store) => {
    const senders = ['+9', '+10', '+2', '+9', '+100', '+1']
    await store.append(senders.map((from, n) => arrival({ message_id: `${n}`, from })))
    const { messages_per_sender, senders_count, total_messages } = await store.stats()
    const counts = messages_per_sender.map(({ from, count }) => `${from}: ${count}`)
    expect(counts).toEqual(['+9: 2', '+1: 1', '+10: 1', '+100: 1', '+2: 1'])
    expect([senders_count, total_messages]).toEqual([5, 6])
  })

  testStore('lists ten senders at most and counts them all', async (store) => {
    const senders = Array.from({ length: 12 }, (_, n) => `+${String(n).padStart(2, '0')}`)
    await store.append(senders.map((from) => arrival({ message_id: from, from })))
    const { messages_per_sender, senders_count } = await store.stats()
    expect(messages_per_sender.map(({ from }) => from)).toEqual(senders.slice(0, 10))
    expect(senders_count).toBe(12)
  })

  testStore('names the first and the last ts by instant, as they were sent', async (store) => {
    const times = ['2025-01-15T10:00:00.500Z', '2025-01-15T10:00:00Z', '2025-01-15T10:00:00.4Z']
    await store.append(times.map((ts, n) => arrival({ message_id: `${n}`, ts })))
    expect(await store.stats()).toMatchObject({
      first_message_ts: '2025-01-15T10:00:00Z',
      last_message_ts: '2025-01-15T10:00:00.500Z',
    })
  })

  testStore('does not count a duplicate', async (store) => {
    await store.append([arrival(), arrival({ from: '+1', ts: '1999-01-01T00:00:00Z' })])
    const { total_messages, senders_count, first_message_ts } = await store.stats()
    expect([total_messages, senders_count, first_message_ts]).toEqual([1, 1, arrival().ts])
  })
}

/** Registers the contract's tests of reading. */
export function describeListing(testStore: StoreTest): void {
  describeRecords(testStore)
  describeOrder(testStore)
  describeFilters(testStore)
  describeNeedles(testStore)
  describeStats(testStore)
}
