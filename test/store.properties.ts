import { expect, test } from 'bun:test'
import fc from 'fast-check'
import type { Arrival, Message } from '../src/message.ts'
import type { Page } from '../src/page.ts'
import type { ListQuery } from '../src/query.ts'
import type { Store } from '../src/store.ts'
import type { Engine } from './store.engine.ts'
import { batches, batchesTwice, filtersFor, listQueryFor, rivals } from './support/arbitraries.ts'
import { listQuery } from './support/messages.ts'
import { createFolding, Model } from './support/model.ts'

/** Queries tried on each set of messages. */
const QUERIES = 60

/** Opening a store of threads takes its time where other tests keep the processors busy. */
const TIMEOUT_MILLISECONDS = 60_000

/** A store under test, and the model that it is held to. */
interface Pair {
  readonly store: Store
  readonly model: Model
}

const cases = batches.chain((sets) =>
  fc.record({
    sets: fc.constant(sets),
    queries: fc.array(listQueryFor(sets.flat()), { minLength: QUERIES, maxLength: QUERIES }),
    seqs: fc.array(fc.tuple(fc.nat(100), fc.integer({ min: 1, max: 50 })), { maxLength: 5 }),
  }),
)

type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never

async function append({ store, model }: Pair, sets: readonly Arrival[][]): Promise<void> {
  for (const set of sets) expect(await store.append(set)).toEqual(model.append(set))
}

async function compare(pair: Pair, { sets, queries, seqs }: Case): Promise<void> {
  await append(pair, sets)
  const { store, model } = pair
  for (const query of queries) expect(await store.list(query)).toEqual(model.list(query))
  expect(await store.stats()).toEqual(model.stats())
  for (const [seq, limit] of seqs) {
    expect(await store.readAfter(seq, limit)).toEqual(model.readAfter(seq, limit))
  }
  for (const { message_id } of sets.flat()) {
    expect(await store.find(message_id)).toEqual(model.find(message_id))
  }
}

const walks = batchesTwice.chain(([first, later]) =>
  fc.record({
    first: fc.constant(first),
    later: fc.constant(later),
    limit: fc.integer({ min: 1, max: 9 }),
    filters: filtersFor([...first, ...later].flat()),
  }),
)

type Walk = typeof walks extends fc.Arbitrary<infer T> ? T : never

/** More pages than any walk can have; a cursor that leads in a circle would have no end. */
const PAGES_MAX = 500

/** Follows the pages of a query to the end; `between` runs after each. */
async function follow(
  store: Store,
  query: ListQuery,
  between: (page: Page<Message>) => Promise<void>,
) {
  const data: Message[] = []
  let next: ListQuery | undefined = query
  for (let pages = 0; next !== undefined; pages += 1) {
    if (pages > PAGES_MAX) throw new Error('the cursors have no end')
    const page: Page<Message> = await store.list(next)
    data.push(...page.data)
    await between(page)
    next = page.end && { ...query, after: page.end }
  }
  return data
}

const EVERYTHING = Number.MAX_SAFE_INTEGER

/** The ids of all that match, in order. */
const allOf = ({ model }: Pair, filters: Partial<ListQuery>) =>
  model.list(listQuery({ ...filters, limit: EVERYTHING })).data.map((row) => row.message_id)

async function walkStill(pair: Pair, { first, later, limit, filters }: Walk): Promise<void> {
  await append(pair, [...first, ...later])
  const query = listQuery({ ...filters, limit })
  const total = allOf(pair, filters).length
  const rows = await follow(pair.store, query, async (page) => expect(page.total).toBe(total))
  expect(rows.map((row) => row.message_id)).toEqual(allOf(pair, filters))
}

/** While a walk is under way new rows come, before it, where it is and after it. */
async function walkMoving(pair: Pair, { first, later, limit, filters }: Walk): Promise<void> {
  const waiting = [...later]
  await append(pair, first)
  const expected = allOf(pair, filters)
  const grow = async ({ end }: Page<Message>) => {
    const known = new Set(allOf(pair, filters))
    await append(pair, waiting.splice(0, 1))
    if (end === undefined) return
    // Of the new rows those that lie ahead are to be visited as well.
    const ahead = allOf(pair, { ...filters, after: end })
    expected.push(...ahead.filter((id) => !known.has(id)))
  }
  const rows = await follow(pair.store, listQuery({ ...filters, limit }), grow)
  const order = allOf(pair, filters)
  const ids = rows.map((row) => row.message_id)
  expect(ids).toEqual(order.filter((id) => expected.includes(id)))
}

async function overtake({ store, model }: Pair, sets: readonly Arrival[][]): Promise<void> {
  for (const set of sets) {
    expect(await store.append(set)).toEqual(model.append(set))
    expect(await store.stats()).toEqual(model.stats())
  }
}

/** Registers the comparison of an engine with a model that looks at every message each time. */
export function describeProperties(engine: Engine): void {
  const fold = createFolding()
  const { propertyRuns } = engine

  /** Tries random cases, each on a new store. */
  const testCases = <T>(
    name: string,
    arbitrary: fc.Arbitrary<T>,
    check: (pair: Pair, each: T) => Promise<void>,
  ) => {
    const tryAll = async () => {
      let runs = 0
      const property = fc.asyncProperty(arbitrary, async (each) => {
        const store = await engine.open()
        try {
          await check({ store, model: new Model(fold) }, each)
          runs += 1
        } finally {
          await store.close()
        }
      })
      await fc.assert(property, { numRuns: propertyRuns })
      expect(runs).toBe(propertyRuns)
    }
    test(name, tryAll, TIMEOUT_MILLISECONDS)
  }

  testCases(`gives the same answers to ${propertyRuns * QUERIES} queries`, cases, compare)
  testCases('has each row once on the way along the cursors', walks, walkStill)
  testCases('has each row once while others come before, between and after', walks, walkMoving)
  testCases('has the same stats while senders tie and overtake', rivals, overtake)
}
