import { expect, test } from 'bun:test'
import { makeChance } from '../../bench/chance.ts'
import { leakyCompare, ownCompare } from '../../prove/timing/compare.ts'
import { makeForgeries, RIGHT_CHARACTERS } from '../../prove/timing/forgery.ts'
import { compareLots, takeSamples } from '../../prove/timing/sampling.ts'
import { compareMeans, farthestApart } from '../../prove/timing/welch.ts'
import { signatureOf } from '../support/signer.ts'

const chance = makeChance(7)

/** So many numbers from a mean on, as those of twelve dice are spread. */
const lotOf = (mean: number, count = 2000) =>
  Array.from({ length: count }, () => {
    const dice = Array.from({ length: 12 }, () => chance(101) - 50)
    return mean + dice.reduce((sum, each) => sum + each, 0)
  })

test('compares means as Welch does', () => {
  // Worked out by hand: means 3 and 6, variances 2.5 and 8, of five and of four samples.
  const { t, mean, margin } = compareMeans([1, 2, 3, 4, 5], [2, 8, 8, 6])
  expect(mean).toBe(3)
  expect(t).toBeCloseTo(3 / Math.sqrt(2.5 / 5 + 8 / 4), 12)
  expect(margin).toBeCloseTo(1.96 * Math.sqrt(2.5 / 5 + 8 / 4), 12)
  expect(compareMeans([1, 1], [1, 1]).t).toBe(0)
})

test('tells lots that differ from lots that do not', () => {
  expect(Math.abs(farthestApart(lotOf(1000), lotOf(1000)).t)).toBeLessThan(4.5)
  expect(farthestApart(lotOf(1000), lotOf(1050)).t).toBeGreaterThan(4.5)
})

test('finds a difference that a few very slow samples hide', () => {
  const slow = Array.from({ length: 20 }, () => chance(1_000_000))
  const [first, second] = [
    [...lotOf(1000), ...slow],
    [...lotOf(1050), ...slow.toReversed().map((each) => each / 2)],
  ]
  expect(Math.abs(compareMeans(first, second).t)).toBeLessThan(4.5)
  expect(farthestApart(first, second).t).toBeGreaterThan(4.5)
})

test('makes signatures that are wrong by the one character after those that are right', () => {
  const forgeries = makeForgeries()
  expect(new Set(forgeries.flatMap(({ signatures }) => signatures)).size).toBe(
    forgeries.length * RIGHT_CHARACTERS.length,
  )
  for (const { body, signatures } of forgeries) {
    const right = signatureOf(body, 'ackbox-bench-secret')
    const wrongAt = signatures.map((signature) =>
      [...signature].flatMap((digit, at) => (digit === right[at] ? [] : [at])),
    )
    expect(wrongAt).toEqual(RIGHT_CHARACTERS.map((at) => [at]))
  }
})

test('draws every lot for each comparison, and refuses each time', async () => {
  const forgeries = makeForgeries()
  for (const make of [ownCompare, leakyCompare]) {
    const lots = await takeSamples(make(forgeries), { count: 200, forgeries, chance })
    expect(lots.map(({ length }) => length > 20)).toEqual([true, true, true, true])
    expect(lots.flat().length).toBe(200)
    expect(compareLots(lots).map(({ rightCharacters }) => rightCharacters)).toEqual([8, 32, 63])
  }
})
