import { expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import type { Attack, Context, Tally } from '../../prove/attack.ts'
import { runAttack } from '../../prove/campaign.ts'
import { remarks, renderOutcomes } from '../../prove/verdict.ts'
import { openFolder } from '../support/folder.ts'

const KEPT: Tally = {
  ...{ rounds: 3, acknowledged: 1234, lost: 0, doubled: 0 },
  ...{ problems: [], notes: ['ready within 90 ms'] },
}

/** What becomes of an attack that finds this. */
async function outcomeOf(find: (context: Context) => Promise<Tally>) {
  using folder = openFolder()
  const attack: Attack = { name: 'trial', title: 'a trial', run: find }
  const how = { rounds: 3, seed: 1, binary: false, timed: false, say: () => {} }
  return runAttack(attack, { ...how, folder: folder.path })
}

const cells = (table: string) =>
  table
    .split('\n')
    .at(-1)
    ?.split('|')
    .map((cell) => cell.trim())

test('an attack that finds nothing is a row that says kept', async () => {
  const outcome = await outcomeOf(async () => KEPT)
  expect(outcome.problems).toEqual([])
  expect(cells(renderOutcomes([outcome]))).toEqual([
    '',
    'a trial',
    '3',
    '1,234',
    '0',
    '0',
    'kept',
    '',
  ])
  expect(remarks([outcome])).toEqual([
    'trial: ready within 90 ms',
    'the machine was busy with other work: no time was judged for trial',
  ])
  expect(remarks([{ ...outcome, timed: true }])).toEqual(['trial: ready within 90 ms'])
})

test.each([
  ['a message is lost', { lost: 1 }],
  ['a message is there twice', { doubled: 1 }],
  ['anything else is wrong', { problems: ['stats differ'] }],
])('an attack is a row that says BROKEN when %s', async (_, found) => {
  const outcome = await outcomeOf(async () => ({ ...KEPT, ...found }))
  expect(outcome.problems.length).toBe(1)
  expect(cells(renderOutcomes([outcome]))?.at(-2)).toBe('BROKEN')
  expect(remarks([outcome])[0]).toStartWith('WRONG  trial: ')
})

test('an attack that cannot be made is BROKEN too, and says why', async () => {
  const outcome = await outcomeOf(async () => {
    throw new Error('strace is missing')
  })
  expect(cells(renderOutcomes([outcome]))?.at(-2)).toBe('BROKEN')
  expect(outcome.problems).toEqual(['the attack did not end: strace is missing'])
})

test('an attack has a folder of its own, which is gone afterwards', async () => {
  let path = ''
  await outcomeOf(async ({ folder }) => {
    path = folder
    expect(existsSync(folder)).toBe(true)
    return KEPT
  })
  expect(path).not.toBe('')
  expect(existsSync(path)).toBe(false)
})
