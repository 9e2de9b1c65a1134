import { describe, expect, test } from 'bun:test'
import { StoreUnavailable } from '../src/store.ts'
import { describeBundles } from './store.bundles.ts'
import type { Engine, StoreTest } from './store.engine.ts'
import { describeListing } from './store.listing.ts'
import { describePaging } from './store.paging.ts'
import { describeProperties } from './store.properties.ts'
import { describeVolume } from './store.volume.ts'
import { arrival, arrivals, arrivalsOf, listQuery } from './support/messages.ts'

const created = (messageId: string, seq: number) => {
  return { result: 'created', messageId, seq, conflict: false } as const
}

const duplicate = (messageId: string, seq: number, conflict = false) => {
  return { result: 'duplicate', messageId, seq, conflict } as const
}

const IMPOSSIBLE = arrival({ message_id: 'bad', ts: '2025-02-30T00:00:00Z' })

function describeReceipts(testStore: StoreTest): void {
  testStore('numbers new messages from 1 in order', async (store) => {
    expect(await store.append(arrivalsOf('a', 'b'))).toEqual([created('a', 1), created('b', 2)])
    expect(await store.append(arrivalsOf('c'))).toEqual([created('c', 3)])
  })

  testStore('answers an empty batch with nothing', async (store) => {
    expect(await store.append([])).toEqual([])
  })

  testStore('answers a later copy as a duplicate of the first', async (store) => {
    await store.append(arrivalsOf('a', 'b'))
    expect(await store.append(arrivalsOf('b'))).toEqual([duplicate('b', 2)])
  })

  testStore('answers the second copy inside one batch as a duplicate', async (store) => {
    const answers = [created('a', 1), duplicate('a', 1), created('b', 2), duplicate('a', 1)]
    expect(await store.append(arrivalsOf('a', 'a', 'b', 'a'))).toEqual(answers)
  })

  testStore('tells ids apart by every byte', async (store) => {
    const ids = ['a', 'A', 'a ', ' a', 'a\0', 'a\0b', 'é', 'e\u0301', '1', '01', '1.0', '1e0']
    const answers = ids.map((id, n) => created(id, n + 1))
    expect(await store.append(arrivalsOf(...ids))).toEqual(answers)
  })

  testStore('leaves no gap in seq for duplicates', async (store) => {
    await store.append(arrivalsOf('a', 'a', 'a', 'b'))
    await store.append(arrivalsOf('a', 'b'))
    expect(await store.append(arrivalsOf('b', 'c'))).toEqual([duplicate('b', 2), created('c', 3)])
  })
}

function describeConflicts(testStore: StoreTest): void {
  testStore('notes a conflict in every other field, and keeps the first', async (store) => {
    await store.append([arrival()])
    const others = [{ from: '+7' }, { to: '+7' }, { text: '+7' }, { ts: '2025-01-15T10:00:01Z' }]
    const answers = await store.append(others.map((other) => arrival(other)))
    expect(answers).toEqual(others.map(() => duplicate('m1', 1, true)))
    const { receivedAt: _, ...fields } = arrival()
    expect(await store.find('m1')).toMatchObject(fields)
  })

  testStore('notes a conflict in ts, even where it names the same instant', async (store) => {
    await store.append([arrival({ ts: '2025-01-15T10:00:00Z' })])
    const answers = await store.append([arrival({ ts: '2025-01-15T10:00:00.0Z' })])
    expect(answers).toEqual([duplicate('m1', 1, true)])
  })

  testStore('notes a conflict between no text and an empty one', async (store) => {
    await store.append([arrival({ text: null }), arrival({ message_id: 'm2', text: null })])
    const later = [arrival({ text: '' }), arrival({ message_id: 'm2', text: null })]
    expect(await store.append(later)).toEqual([duplicate('m1', 1, true), duplicate('m2', 2)])
  })

  testStore('sees no conflict in the time of arrival', async (store) => {
    await store.append([arrival({ receivedAt: 1 })])
    expect(await store.append([arrival({ receivedAt: 2 })])).toEqual([duplicate('m1', 1)])
  })
}

function describeBatches(testStore: StoreTest): void {
  testStore('fails a row that breaks a constraint alone', async (store) => {
    const [first] = arrivalsOf('a')
    const answers = await store.append([arrival(), IMPOSSIBLE, first ?? IMPOSSIBLE])
    expect(answers).toEqual([created('m1', 1), expect.any(Error), created('a', 2)])
    expect(await store.find('bad')).toBeUndefined()
    expect((await store.stats()).total_messages).toBe(2)
  })

  testStore('takes the id of a row that failed when it comes right', async (store) => {
    await store.append([IMPOSSIBLE])
    expect(await store.append(arrivalsOf('bad'))).toEqual([created('bad', 1)])
  })

  testStore('keeps a batch of a thousand in order', async (store) => {
    const batch = arrivals(1000)
    const answers = await store.append(batch)
    expect(answers).toEqual(batch.map((each, n) => created(each.message_id, n + 1)))
  })
}

function describeConcurrency(testStore: StoreTest): void {
  testStore('makes one created of 1,000 simultaneous copies', async (store) => {
    const copies = Array.from({ length: 1000 }, (_, n) => store.append([arrival({ text: `${n}` })]))
    const answers = (await Promise.all(copies)).flat()
    const results = answers.map((each) => (each instanceof Error ? 'error' : each.result))
    expect(results.filter((result) => result === 'created').length).toBe(1)
    expect(results.filter((result) => result === 'duplicate').length).toBe(999)
    expect((await store.list(listQuery())).total).toBe(1)
  })

  testStore('never shows a part of a batch to a reader', async (store) => {
    const batches = Array.from({ length: 40 }, (_, n) =>
      arrivalsOf(...['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((letter) => `${letter}${n}`)),
    )
    let appending = true
    const writing = Promise.all(batches.map((batch) => store.append(batch))).then(() => {
      appending = false
    })
    const seen: number[] = []
    while (appending) {
      const { total, data } = await store.list(listQuery({ limit: 100, q: 'hello' }))
      const rows = await store.readAfter(0, 1000)
      const {
        total_messages,
        messages_per_sender: [sender],
      } = await store.stats()
      expect(data.length).toBe(Math.min(total, 100))
      expect(sender?.count ?? 0).toBe(total_messages)
      seen.push(total, rows.length, total_messages)
    }
    await writing
    seen.push((await store.list(listQuery())).total)
    expect(seen.filter((count) => count % 7 !== 0)).toEqual([])
    expect(seen.at(-1)).toBe(280)
  })
}

function describeLife(engine: Engine, testStore: StoreTest): void {
  testStore('is ready, again and again, and storing goes on between', async (store) => {
    await store.check()
    await store.append(arrivalsOf('a'))
    await store.check()
    expect(await store.append(arrivalsOf('b'))).toEqual([created('b', 2)])
  })

  test('refuses every call once it is closed', async () => {
    const store = await engine.open()
    await store.append(arrivalsOf('a'))
    await store.close()
    const calls = [
      () => store.append(arrivalsOf('b')),
      () => store.list(listQuery()),
      () => store.find('a'),
      () => store.stats(),
      () => store.readAfter(0, 1),
      () => store.check(),
    ]
    for (const call of calls) await expect(call()).rejects.toBeInstanceOf(StoreUnavailable)
  })

  test('finishes what is under way before it is closed', async () => {
    const store = await engine.open()
    const appended = store.append(arrivals(500))
    const read = store.list(listQuery({ limit: 1 }))
    await store.close()
    expect((await appended).length).toBe(500)
    expect((await read).data.length).toBeLessThanOrEqual(1)
  })

  if (engine.reopen === undefined) return
  const { reopen } = engine

  test('keeps everything when it is opened again, and numbers on', async () => {
    const first = await engine.open()
    await first.append(arrivals(20))
    const before = await first.readAfter(0, 100)
    await first.close()
    const second = await reopen()
    expect(second.stored()).toBe(20)
    expect(await second.readAfter(0, 100)).toEqual([...before])
    const answers = await second.append(arrivalsOf('m20', 'new'))
    expect(answers).toMatchObject([{ result: 'duplicate', seq: 20 }, created('new', 21)])
    await second.close()
  })
}

/** Registers the whole contract of `src/store.ts` for an engine. */
export function describeStore(engine: Engine): void {
  const testStore: StoreTest = (name, run) =>
    test(name, async () => {
      const store = await engine.open()
      try {
        await run(store)
      } finally {
        await store.close()
      }
    })

  describe(`${engine.name}: append`, () => {
    describeReceipts(testStore)
    describeConflicts(testStore)
    describeBatches(testStore)
    describeConcurrency(testStore)
  })
  describe(`${engine.name}: bundles`, () => describeBundles(testStore))
  describe(`${engine.name}: list, find, stats, readAfter`, () => describeListing(testStore))
  describe(`${engine.name}: windows, orders, cursors`, () => describePaging(testStore))
  describe(`${engine.name}: volume`, () => describeVolume(testStore))
  describe(`${engine.name}: a store`, () => describeLife(engine, testStore))
  describe(`${engine.name}: a brute-force model`, () => describeProperties(engine))
}
