import { expect, test } from 'bun:test'
import { Matches } from '../../src/sqlite/matches.ts'

const NOTHING = { seqs: [], through: 0 }

test('matches are known up to where they were looked for, and not before', () => {
  const matches = new Matches(2)
  matches.remember('word', [3, 5], 7)
  expect(matches.of('word', 9)).toEqual({ seqs: [3, 5], through: 7 })
  // A reader whose snapshot is older must not be shown what came after it.
  expect(matches.of('word', 6)).toEqual(NOTHING)
})

test('too many matches are not remembered, and what was known before goes', () => {
  const matches = new Matches(2)
  matches.remember('word', [3, 5], 7)
  matches.remember('word', [3, 5, 8], 9)
  expect(matches.of('word', 9)).toEqual(NOTHING)
})

test('of many needles the one used longest ago is forgotten first', () => {
  const matches = new Matches(2)
  for (let n = 0; n < 64; n += 1) matches.remember(`word ${n}`, [n], 100)
  matches.of('word 0', 100)
  matches.remember('word 64', [64], 100)
  expect(matches.of('word 0', 100)).toEqual({ seqs: [0], through: 100 })
  expect(matches.of('word 1', 100)).toEqual(NOTHING)
  expect(matches.of('word 2', 100)).toEqual({ seqs: [2], through: 100 })
})
