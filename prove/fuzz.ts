import type { Attack, Context, Tally } from './attack.ts'
import { shoot } from './fuzz/range.ts'
import { renderProblems, renderStatuses } from './fuzz/replay.ts'

/** Requests of one round. */
const REQUESTS = 1000

/** Seeds are drawn from below this, and printed with what fails. */
const SEED_MAX = 2 ** 31

async function run({ rounds, chance, folder, program, say }: Context): Promise<Tally> {
  const seed = chance(SEED_MAX)
  const requests = rounds * REQUESTS
  const score = await shoot({ program, folder, seed, from: 0, requests, say })
  const { acknowledged, lost, doubled } = score
  return {
    ...{ rounds: requests, acknowledged, lost, doubled },
    problems: renderProblems({ ...score, lost: 0, doubled: 0 }, seed),
    notes: [`seed ${seed}; ${renderStatuses(score)}`],
  }
}

/** Mutated bodies, headers, queries, cursors, paths and methods; see `make fuzz`. */
export const FUZZ: Attack = { name: 'fuzz', title: 'mutated requests of every kind', run }
