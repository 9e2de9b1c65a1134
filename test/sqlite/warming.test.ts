import { expect, test } from 'bun:test'
import { Warming } from '../../src/sqlite/warming.ts'
import { openEngine } from './engine.ts'
import { various } from './upkept.ts'

/** Steps until all is read; more than any of these databases can need is an endless loop. */
function stepsOf(count: number): number {
  const { db, append, settle } = openEngine()
  append(various(count))
  settle()
  const warming = new Warming(db)
  let steps = 1
  while (warming.step() && steps < 100) steps += 1
  expect(warming.step()).toBe(false)
  db.close(true)
  return steps
}

test('warming passes once over the entries of both indexes, 5,000 in a step', () => {
  // The last step of each index finds fewer than that, and with them its end.
  expect([0, 1, 4999, 5001, 12_000].map(stepsOf)).toEqual([2, 2, 2, 4, 6])
})
