import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { makeChance } from '../bench/chance.ts'
import { binary, contestant } from '../bench/contestants.ts'
import type { Attack, Tally } from './attack.ts'

/** How to run an attack. */
export interface AttackOptions {
  readonly rounds: number
  readonly seed: number
  /** The attack has a new folder in this one. */
  readonly folder: string
  readonly binary: boolean
  /** See Context. */
  readonly timed: boolean
  readonly say: (what: string) => void
}

/** What became of an attack: its tally, or why it could not be made. */
export interface Outcome {
  readonly attack: Attack
  readonly tally: Tally | undefined
  /** Everything that is wrong, a sentence each; none when the promise is kept. */
  readonly problems: readonly string[]
  /** See Context: whether times were judged. */
  readonly timed: boolean
}

function problemsOf({ lost, doubled, problems }: Tally): string[] {
  const counted = [
    ...(lost > 0 ? [`${lost} messages that were answered 200 are lost`] : []),
    ...(doubled > 0 ? [`${doubled} messages are there twice`] : []),
  ]
  return [...counted, ...problems]
}

/** Runs one attack in a folder of its own. What it throws becomes a problem. */
export async function runAttack(attack: Attack, options: AttackOptions): Promise<Outcome> {
  const { timed } = options
  const folder = mkdtempSync(join(options.folder, `prove-${attack.name}-`))
  try {
    const tally = await attack.run({
      rounds: options.rounds,
      chance: makeChance(options.seed),
      folder,
      program: options.binary ? binary : (database) => contestant('ours', database),
      timed,
      say: (what) => options.say(`${attack.name}: ${what}`),
    })
    return { attack, tally, problems: problemsOf(tally), timed }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const problems = [`the attack did not end: ${reason}`]
    return { attack, tally: undefined, problems, timed }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
