import { expect } from 'bun:test'
import type { Bundle, Unit } from '../src/bundle.ts'
import type { StoreTest } from './store.engine.ts'
import { describeKept, describeStatuses } from './store.statuses.ts'
import { arrival, listQuery } from './support/messages.ts'
import { bundle, DETAILS, firstPage, kept, RAW, sent, step } from './whatsapp/bundles.ts'

const NO_ITEMS = { message: 0, duplicate: 0, status: 0, notification: 0, quarantine: 0 }

function describeBundledMessages(testStore: StoreTest): void {
  testStore('stores all of a bundle under one receipt', async (store) => {
    const all = bundle({
      messages: [sent('a'), sent('b')],
      statuses: [step('s', 'sent', 1)],
      kept: [kept('bad'), kept('flows', { kind: 'notification' })],
    })
    const items = { message: 2, duplicate: 0, status: 1, notification: 1, quarantine: 1 }
    const receipt = { result: 'created', conflict: false, isNew: [true, true], lastSeq: 3, items }
    expect(await store.append([arrival({ message_id: 'z' }), all])).toEqual([
      { result: 'created', messageId: 'z', seq: 1, conflict: false },
      receipt as never,
    ])
    expect((await store.list(listQuery())).total).toBe(3)
    expect(await store.stats()).toMatchObject({
      total_messages: 3,
      messages_per_sender: [{ from: '+14155550100', count: 3 }],
    })
  })

  testStore('gives back what WhatsApp adds to a message, and nothing to others', async (store) => {
    await store.append([bundle({ messages: [sent('a')] }), arrival({ message_id: 'b' })])
    const { receivedAt: _, whatsapp: __, ...fields } = sent('a')
    const whatsapp = { ...DETAILS, raw: RAW }
    const record = { ...fields, seq: 1, received_at: '2025-01-15T10:00:00.123Z', whatsapp }
    expect(await store.find('a')).toEqual(record)
    expect(await store.find('b')).not.toHaveProperty('whatsapp')
    expect((await store.readAfter(0, 10)).map((each) => each.whatsapp)).toEqual([
      whatsapp,
      undefined,
    ])
    expect((await store.list(listQuery())).data[0]).not.toHaveProperty('whatsapp')
  })
}

function describeItems(testStore: StoreTest): void {
  testStore('notes a conflict in a bundle, and keeps the first', async (store) => {
    await store.append([bundle({ messages: [sent('a')] })])
    const [receipt] = await store.append([bundle({ messages: [sent('a', { text: 'other' })] })])
    expect(receipt).toMatchObject({ conflict: true, items: { ...NO_ITEMS, duplicate: 1 } })
    expect((await store.find('a'))?.text).toBe('Hello')
  })

  testStore('sets a message aside that the schema does not take', async (store) => {
    const bad = sent('bad', { ts: '2025-02-30T00:00:00Z' })
    const [receipt] = await store.append([bundle({ messages: [sent('a'), bad, sent('b')] })])
    expect(receipt).toMatchObject({ items: { ...NO_ITEMS, message: 2, quarantine: 1 } })
    const { data } = await store.listKept({ kind: 'quarantine', ...firstPage })
    expect(data).toMatchObject([{ raw: RAW }])
    expect(data[0]?.label).toStartWith('the store does not take it: ')
  })

  testStore('takes a thousand messages with ten bad ones at once', async (store) => {
    const messages = Array.from({ length: 990 }, (_, n) => sent(`m${n}`))
    const aside = Array.from({ length: 10 }, (_, n) => kept('bad', { raw: String(n) }))
    const [receipt] = await store.append([bundle({ messages, kept: aside })])
    expect(receipt).toMatchObject({ items: { ...NO_ITEMS, message: 990, quarantine: 10 } })
    expect((await store.list(listQuery())).total).toBe(990)
  })
}

function describeRepeats(testStore: StoreTest): void {
  testStore('calls a bundle a duplicate only where nothing of it is new', async (store) => {
    const first = bundle({
      messages: [sent('a')],
      statuses: [step('s', 'sent', 1)],
      kept: [kept('x')],
    })
    await store.append([first])
    expect(await store.append([first])).toMatchObject([{ result: 'duplicate', isNew: [false] }])
    const news: Partial<Bundle>[] = [
      { messages: [sent('b')] },
      { statuses: [step('s', 'read', 2)] },
      { kept: [kept('y')] },
    ]
    for (const parts of news) {
      expect(await store.append([bundle({ ...first, ...parts })])).toMatchObject([
        { result: 'created' },
      ])
    }
  })
}

function describeCount(testStore: StoreTest): void {
  testStore('has at hand how many messages are stored, and none twice', async (store) => {
    const holds = async () => [store.stored(), (await store.stats()).total_messages]
    expect(await holds()).toEqual([0, 0])
    const bad = sent('bad', { ts: '2025-02-30T00:00:00Z' })
    const batches: [count: number, batch: Unit[]][] = [
      [2, [sent('a'), sent('b'), sent('a')]],
      [4, [bundle({ messages: [sent('b'), sent('c'), bad, sent('d')], kept: [kept('x')] })]],
      [4, [bundle({ statuses: [step('s', 'sent', 1)] }), sent('a', { text: 'other' })]],
      [4, [bundle({ messages: [sent('c')] }), bad]],
      [6, [sent('e'), bundle({ messages: [sent('e'), sent('f')] })]],
    ]
    for (const [count, batch] of batches) {
      await store.append(batch)
      expect(store.stored()).toBe(count)
      expect(await holds()).toEqual([count, count])
    }
  })
}

/** Bundles: what a notification brings, in one transaction. */
export function describeBundles(testStore: StoreTest): void {
  describeBundledMessages(testStore)
  describeItems(testStore)
  describeRepeats(testStore)
  describeCount(testStore)
  describeStatuses(testStore)
  describeKept(testStore)
}
