import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openPatience, QUIET } from '../bench/patience.ts'
import { ATTACKS } from './attacks.ts'
import { type Outcome, runAttack } from './campaign.ts'
import { readSettings, type Settings } from './settings.ts'
import { remarks, renderOutcomes } from './verdict.ts'

/** The databases lie on the disk of the checkout, in the folder that `make clean` removes. */
const FOLDER = join(import.meta.dir, '..', 'dist')

/** Longest time spent in the whole run on waiting for other work of the machine to end. */
const PATIENCE_SECONDS = 60

/** Progress goes to stderr: stdout is the table. */
function say(what: string): void {
  console.error(`prove: ${what}`)
}

/** Times are judged on a quiet machine only: elsewhere they say nothing about ackbox. */
async function attackAll(settings: Settings): Promise<Outcome[]> {
  const patience = openPatience(PATIENCE_SECONDS)
  const outcomes: Outcome[] = []
  for (const attack of settings.attacks) {
    await patience.quiet()
    const timed = (patience.seen().at(-1) ?? 1) <= QUIET
    say(`${attack.name}: ${attack.title}${timed ? '' : '; the machine is busy: no time is judged'}`)
    outcomes.push(await runAttack(attack, { ...settings, folder: FOLDER, timed, say }))
  }
  return outcomes
}

async function main(): Promise<void> {
  const settings = readSettings(process.env, ATTACKS, Date.now() % 1_000_000)
  mkdirSync(FOLDER, { recursive: true })
  say(`seed ${settings.seed}`)
  const outcomes = await attackAll(settings)
  console.log([renderOutcomes(outcomes), '', ...remarks(outcomes)].join('\n'))
  if (outcomes.some(({ problems }) => problems.length > 0)) process.exitCode = 1
}

try {
  await main()
} catch (error) {
  console.error(`prove: ${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
}
