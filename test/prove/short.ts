import { expect } from 'bun:test'
import type { Attack, Tally } from '../../prove/attack.ts'
import { runAttack } from '../../prove/campaign.ts'
import { openFolder } from '../support/folder.ts'

/** Seed of the short forms: they draw the same in every run of the tests. */
const SEED = 4

/**
 * Runs an attack for some rounds as a test, without judging times: fails unless the promise was
 * kept and something was acknowledged, of which the tally is given for further claims.
 */
export async function expectKept(attack: Attack, rounds: number): Promise<Tally> {
  using folder = openFolder()
  const how = { rounds, seed: SEED, folder: folder.path, binary: false, timed: false }
  const { tally, problems } = await runAttack(attack, { ...how, say: () => {} })
  expect(problems).toEqual([])
  expect(tally?.acknowledged).toBeGreaterThan(0)
  if (tally === undefined) throw new Error('an attack without a problem has no tally')
  return tally
}
