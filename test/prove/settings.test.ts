import { expect, test } from 'bun:test'
import { ATTACKS } from '../../prove/attacks.ts'
import { readSettings } from '../../prove/settings.ts'

const read = (variables: Record<string, string>) => readSettings(variables, ATTACKS, 5)

test('a run makes every attack and is written down, with a seed of its own', () => {
  const { attacks, rounds, seed, binary, written } = read({})
  expect({ attacks, seed, binary, written }).toEqual({
    ...{ attacks: ATTACKS, seed: 5, binary: false, written: true },
  })
  expect(rounds).toBeGreaterThan(0)
})

test('rounds, seed, binary and some of the attacks may be asked for', () => {
  const { attacks, ...rest } = read({ ROUNDS: '7', SEED: '0', BINARY: '1', ATTACKS: 'power,kill' })
  expect(attacks.map(({ name }) => name)).toEqual(['power', 'kill'])
  expect(rest).toEqual({ rounds: 7, seed: 0, binary: true, written: false })
})

test.each([
  [{ ROUNDS: '0' }, 'ROUNDS'],
  [{ ROUNDS: '1e3' }, 'ROUNDS'],
  [{ SEED: '-1' }, 'SEED'],
  [{ ATTACKS: 'kil' }, 'ATTACKS must be some of kill, '],
])('%j is refused by name', (variables, problem) => {
  expect(() => read(variables)).toThrow(problem)
})

test('each attack has a name and a title of its own', () => {
  const names = ATTACKS.map(({ name }) => name)
  expect(names.filter((name) => !/^[a-z-]+$/.test(name))).toEqual([])
  expect(new Set(names).size).toBe(ATTACKS.length)
  expect(new Set(ATTACKS.map(({ title }) => title)).size).toBe(ATTACKS.length)
})
