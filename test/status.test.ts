import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { addStep, type StatusEvent } from '../src/status.ts'

const NAMES = ['sent', 'failed', 'delivered', 'read', 'played']

function step(status: string, second = 0, raw = '{}'): StatusEvent {
  const ts = `2025-06-08T20:59:${String(second).padStart(2, '0')}Z`
  return { status, ts, recipient: '+1', sender: '+2', raw }
}

/** The history after these steps, in this order. */
function historyOf(steps: readonly StatusEvent[]): readonly StatusEvent[] {
  return steps.reduce<readonly StatusEvent[]>((all, each) => addStep(all, each) ?? all, [])
}

const furthest = (steps: readonly StatusEvent[]) => historyOf(steps).at(-1)?.status

function permutations<T>(list: readonly T[]): T[][] {
  if (list.length === 0) return [[]]
  return list.flatMap((each, n) =>
    permutations(list.toSpliced(n, 1)).map((rest) => [each, ...rest]),
  )
}

describe('addStep', () => {
  test.each([
    [['sent'], 'sent'],
    [['sent', 'delivered'], 'delivered'],
    [['sent', 'delivered', 'read'], 'read'],
    [['sent', 'delivered', 'read', 'played'], 'played'],
    [['sent', 'failed'], 'failed'],
    [['failed', 'delivered'], 'delivered'],
    [['read', 'of the future'], 'read'],
    [['of the future'], 'of the future'],
    [['constructor', 'sent'], 'sent'],
  ])('ends %j at %s, in whatever order they come', (names, last) => {
    for (const order of permutations(names))
      expect([order, furthest(order.map((name) => step(name)))]).toEqual([order, last])
  })

  test('does not let time decide: a read that is dated before its delivery stays read', () => {
    expect(furthest([step('delivered', 30), step('read', 10)])).toBe('read')
  })

  test('learns nothing from the same step again', () => {
    const history = historyOf([step('sent', 1), step('read', 2)])
    expect(addStep(history, step('read', 2))).toBeUndefined()
    expect(addStep(history, step('sent', 1))).toBeUndefined()
  })

  test('keeps the earlier of two reports of one status', () => {
    expect(historyOf([step('sent', 9), step('sent', 3), step('sent', 5)])).toEqual([
      step('sent', 3),
    ])
  })

  const anyStep = fc
    .tuple(
      fc.constantFrom(...NAMES, 'warning', 'deleted', ''),
      fc.integer({ min: 0, max: 5 }),
      fc.constantFrom('{}', '{"a":1}', '{"b":1}'),
    )
    .map(([status, second, raw]) => step(status, second, raw))

  test('ends the same for every order and any repetition of the same steps', () => {
    const shuffled = fc
      .array(anyStep, { minLength: 1, maxLength: 8 })
      .chain((steps) =>
        fc.tuple(
          fc.constant(steps),
          fc.shuffledSubarray(steps, { minLength: steps.length }),
          fc.subarray(steps),
        ),
      )
    fc.assert(
      fc.property(shuffled, ([steps, other, again]) => {
        expect(historyOf([...other, ...again])).toEqual(historyOf(steps))
      }),
      { numRuns: 1000 },
    )
  })

  test('never goes back: each step leaves the furthest where it was or takes it on', () => {
    const rank = (name: string | undefined) => NAMES.indexOf(name ?? '')
    fc.assert(
      fc.property(fc.array(anyStep, { minLength: 2, maxLength: 10 }), (steps) => {
        const ranks = steps.map((_, n) => rank(furthest(steps.slice(0, n + 1))))
        expect(ranks).toEqual(ranks.toSorted((a, b) => a - b))
      }),
      { numRuns: 500 },
    )
  })
})
