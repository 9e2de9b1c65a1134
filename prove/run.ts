import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { BINARY } from '../bench/contestants.ts'
import { describeMachine } from '../bench/machine.ts'
import { openPatience, QUIET } from '../bench/patience.ts'
import { replaceSection } from '../bench/reads/section.ts'
import { ATTACKS } from './attacks.ts'
import { type Outcome, runAttack } from './campaign.ts'
import { renderSection, sectionName } from './document.ts'
import { readSettings, type Settings } from './settings.ts'
import { remarks, renderOutcomes } from './verdict.ts'

const ROOT = join(import.meta.dir, '..')
const DOCUMENT = join(ROOT, 'docs', 'promise.md')

/** The databases lie on the disk of the checkout, in the folder that `make clean` removes. */
const FOLDER = join(ROOT, 'dist')

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

async function write(settings: Settings, outcomes: readonly Outcome[]): Promise<void> {
  const section = renderSection(settings, outcomes, await describeMachine(FOLDER))
  const document = await Bun.file(DOCUMENT).text()
  await Bun.write(DOCUMENT, replaceSection(document, sectionName(settings), section))
  say('written to docs/promise.md')
}

async function main(): Promise<void> {
  const settings = readSettings(process.env, ATTACKS, Date.now() % 1_000_000)
  if (settings.binary && !existsSync(BINARY)) {
    throw new Error('there is no dist/ackbox: make build makes it')
  }
  mkdirSync(FOLDER, { recursive: true })
  say(`seed ${settings.seed}`)
  const outcomes = await attackAll(settings)
  console.log([renderOutcomes(outcomes), '', ...remarks(outcomes)].join('\n'))
  if (settings.written) await write(settings, outcomes)
  if (outcomes.some(({ problems }) => problems.length > 0)) process.exitCode = 1
}

try {
  await main()
} catch (error) {
  console.error(`prove: ${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
}
