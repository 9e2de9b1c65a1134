import { expect } from 'bun:test'
import type { StoreTest } from './store.engine.ts'
import { bundle, firstPage, kept, step } from './whatsapp/bundles.ts'

function describeSteps(testStore: StoreTest): void {
  testStore('keeps every step of a message, the furthest last', async (store) => {
    const pricing = { category: 'utility', billable: true }
    const errors = [{ code: 131026, title: 'Undeliverable' }]
    await store.append([
      bundle({ statuses: [step('s', 'read', 9), step('s', 'sent', 1, { pricing })] }),
      bundle({ statuses: [step('s', 'failed', 5, { errors })] }),
    ])
    expect(await store.findStatus('s')).toEqual({
      message_id: 's',
      from: '+15550783881',
      recipient: '+16505551234',
      status: 'read',
      ts: '2025-06-08T20:59:09Z',
      pricing: JSON.stringify(pricing),
      errors: JSON.stringify(errors),
      history: [
        { status: 'sent', ts: '2025-06-08T20:59:01Z', raw: JSON.stringify({ pricing }) },
        { status: 'failed', ts: '2025-06-08T20:59:05Z', raw: JSON.stringify({ errors }) },
        { status: 'read', ts: '2025-06-08T20:59:09Z', raw: '{}' },
      ],
      received_at: '1970-01-01T00:00:05.000Z',
    })
    expect(await store.findStatus('other')).toBeUndefined()
  })
}

function describeStatusList(testStore: StoreTest): void {
  testStore('lists statuses by the filters, with the exact total', async (store) => {
    const other = { ...step('c', 'read', 3), recipient: '+7' }
    await store.append([bundle({ statuses: [step('b', 'sent', 2), step('a', 'sent', 2), other] })])
    const idsOf = async (filters: object) => {
      const { data, total } = await store.listStatuses({ ...firstPage, ...filters })
      return [total, ...data.map((each) => each.message_id)]
    }
    expect(await idsOf({})).toEqual([3, 'a', 'b', 'c'])
    expect(await idsOf({ status: 'sent' })).toEqual([2, 'a', 'b'])
    expect(await idsOf({ recipient: '+7' })).toEqual([1, 'c'])
    expect(await idsOf({ recipient: '+7', status: 'sent' })).toEqual([0])
    const third = BigInt(Date.UTC(2025, 5, 8, 20, 59, 3)) * 1000n
    expect(await idsOf({ since: third })).toEqual([1, 'c'])
    expect(await idsOf({ since: third + 1n })).toEqual([0])
    expect(await idsOf({ offset: 1n, limit: 1 })).toEqual([3, 'b'])
    expect(await idsOf({ offset: 10n ** 30n })).toEqual([3])
  })
}

function describeStatusPages(testStore: StoreTest): void {
  testStore('walks all statuses page by page, each once', async (store) => {
    const steps = Array.from({ length: 25 }, (_, n) => step(`s${n}`, 'sent', n % 3))
    await store.append([bundle({ statuses: steps })])
    const walked: string[] = []
    let page = await store.listStatuses({ limit: 4, offset: 0n })
    for (;;) {
      walked.push(...page.data.map((each) => each.message_id))
      if (page.end === undefined) break
      page = await store.listStatuses({ limit: 4, offset: 0n, after: page.end })
    }
    expect(walked.length).toBe(25)
    expect(new Set(walked).size).toBe(25)
  })
}

/** What is kept of the messages that we sent. */
export function describeStatuses(testStore: StoreTest): void {
  describeSteps(testStore)
  describeStatusList(testStore)
  describeStatusPages(testStore)
}

/** What is kept as it came. */
export function describeKept(testStore: StoreTest): void {
  testStore('counts copies of the same thing, and keeps it once', async (store) => {
    await store.append([bundle({ kept: [kept('a'), kept('a'), kept('b')] })])
    await store.append([bundle({ kept: [kept('a', { receivedAt: 9000 })] })])
    const { data, total } = await store.listKept({ kind: 'quarantine', ...firstPage })
    expect(total).toBe(2)
    expect(data).toEqual([
      {
        seq: 1,
        label: 'a',
        account: '1',
        copies: 3,
        raw: '{"x":1}',
        received_at: '1970-01-01T00:00:05.000Z',
      },
      expect.objectContaining({ label: 'b', copies: 1 }),
    ])
  })

  testStore('lists each kind apart, by label and page by page', async (store) => {
    const some = ['a', 'b', 'a', 'b', 'a'].map((label, n) => kept(label, { raw: String(n) }))
    await store.append([bundle({ kept: [...some, kept('n', { kind: 'notification' })] })])
    const rawsOf = async (query: object) => {
      const { data } = await store.listKept({ kind: 'quarantine', ...firstPage, ...query })
      return data.map(({ raw }) => raw).join()
    }
    expect(await rawsOf({})).toBe('0,1,2,3,4')
    expect(await rawsOf({ label: 'a' })).toBe('0,2,4')
    expect(await rawsOf({ kind: 'notification' })).toBe('{"x":1}')
    const first = await store.listKept({ kind: 'quarantine', limit: 2, offset: 0n })
    expect(first.end).toBeDefined()
    expect(await rawsOf({ after: first.end })).toBe('2,3,4')
    expect(await rawsOf({ offset: 4n })).toBe('4')
  })
}
