import { afterAll } from 'bun:test'
import type { SearchLimits } from '../../src/sqlite/plan.ts'
import { describeProperties } from '../store.properties.ts'
import { openFolder } from '../support/folder.ts'
import { type Catching, openSearchingStore } from './searching.ts'

const folder = openFolder()
afterAll(() => folder[Symbol.dispose]())

/** Limits under which nearly every needle is rare, or common, or met late. */
const LIMITS: Record<string, SearchLimits> = {
  'as rare': { walkRows: 2, sampleMessages: 1, sliceMessages: 5, hitMessages: 3, matches: 2 },
  'as common': { walkRows: 3, sampleMessages: 64, sliceMessages: 4, hitMessages: 2, matches: 9 },
  'in one walk': {
    walkRows: 9,
    sampleMessages: 64,
    sliceMessages: 7,
    hitMessages: 100,
    matches: 99,
  },
}

const CATCHING: Catching[] = ['never', 'sometimes', 'always']

for (const [name, limits] of Object.entries(LIMITS)) {
  for (const catching of CATCHING) {
    describeProperties({
      name: `searching ${name}, indexed ${catching}`,
      open: async () =>
        openSearchingStore(folder.file(`${crypto.randomUUID()}.db`), { limits, catching }),
      propertyRuns: 8,
    })
  }
}
