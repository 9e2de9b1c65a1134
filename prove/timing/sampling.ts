import type { Chance } from '../../bench/chance.ts'
import { type Forgery, RIGHT_CHARACTERS } from './forgery.ts'
import { type Difference, farthestApart } from './welch.ts'

/** Does what is timed with the forgeries from this one on, each signed by its `lot`th signature. */
export type Subject = (forgery: number, lot: number) => void | Promise<void>

/** How far a number of right characters is from none. */
export interface Finding extends Difference {
  readonly rightCharacters: number
}

/** Runs before anything is measured, so that the compilers are done. */
const WARM_PART = 0.1

/**
 * Times the subject so often, each time with a lot that is drawn, so that whatever else the machine
 * does falls on all of them alike. Times are in nanoseconds.
 */
export async function takeSamples(
  subject: Subject,
  { count, forgeries, chance }: { count: number; forgeries: readonly Forgery[]; chance: Chance },
): Promise<number[][]> {
  const lots: number[][] = RIGHT_CHARACTERS.map(() => [])
  const warm = Math.ceil(count * WARM_PART)
  for (let done = -warm; done < count; done += 1) {
    const lot = chance(lots.length)
    const forgery = chance(forgeries.length)
    const startedAt = Bun.nanoseconds()
    const work = subject(forgery, lot)
    if (work !== undefined) await work
    const taken = Bun.nanoseconds() - startedAt
    if (done >= 0) lots[lot]?.push(taken)
  }
  return lots
}

/** Compares every lot with the one of no right characters. */
export function compareLots([none = [], ...others]: readonly (readonly number[])[]): Finding[] {
  return others.map((lot, index) => ({
    rightCharacters: RIGHT_CHARACTERS[index + 1] ?? 0,
    ...farthestApart(none, lot),
  }))
}
