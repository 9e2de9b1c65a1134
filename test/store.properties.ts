import { expect, test } from 'bun:test'
import fc from 'fast-check'
import type { Store } from '../src/store.ts'
import type { Engine } from './store.engine.ts'
import { batches, listQueryFor } from './support/arbitraries.ts'
import { createFolding, Model } from './support/model.ts'

/** Queries tried on each set of messages. */
const QUERIES = 60

/** Opening a store of threads takes its time where other tests keep the processors busy. */
const TIMEOUT_MILLISECONDS = 60_000

const cases = batches.chain((sets) =>
  fc.record({
    sets: fc.constant(sets),
    queries: fc.array(listQueryFor(sets.flat()), { minLength: QUERIES, maxLength: QUERIES }),
    seqs: fc.array(fc.tuple(fc.nat(100), fc.integer({ min: 1, max: 50 })), { maxLength: 5 }),
  }),
)

type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never

async function compare(store: Store, model: Model, { sets, queries, seqs }: Case): Promise<void> {
  for (const set of sets) expect(await store.append(set)).toEqual(model.append(set))
  for (const query of queries) expect(await store.list(query)).toEqual(model.list(query))
  expect(await store.stats()).toEqual(model.stats())
  for (const [seq, limit] of seqs) {
    expect(await store.readAfter(seq, limit)).toEqual(model.readAfter(seq, limit))
  }
  for (const { message_id } of sets.flat()) {
    expect(await store.find(message_id)).toEqual(model.find(message_id))
  }
}

/** Registers the comparison of an engine with a model that looks at every message each time. */
export function describeProperties(engine: Engine): void {
  const fold = createFolding()

  const compareAll = async () => {
    let runs = 0
    const property = fc.asyncProperty(cases, async (each) => {
      const store = await engine.open()
      try {
        await compare(store, new Model(fold), each)
        runs += 1
      } finally {
        await store.close()
      }
    })
    await fc.assert(property, { numRuns: engine.propertyRuns })
    expect(runs).toBe(engine.propertyRuns)
  }

  const queries = engine.propertyRuns * QUERIES
  test(`gives the same answers to ${queries} queries`, compareAll, TIMEOUT_MILLISECONDS)
}
