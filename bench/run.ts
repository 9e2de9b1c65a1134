import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { SECRET } from './contestants.ts'
import { runControl } from './control.ts'
import { type Corpus, writeCorpus } from './corpus.ts'
import { RATES, runEndurance, steadyCount } from './endurance.ts'
import { requireWrk } from './load.ts'
import { describeMachine } from './machine.ts'
import { openPatience, type Patience } from './patience.ts'
import { replaceSection } from './reads/section.ts'
import { machineLines, renderReport } from './report.ts'
import { type Results, toRows } from './rows.ts'
import { readSettings, type Settings } from './settings.ts'
import { measureStarts } from './startup.ts'
import { misses, renderTable } from './table.ts'
import { type Round, runRound, throughputCount } from './throughput.ts'

const ROOT = join(import.meta.dir, '..')
const DOCUMENT = join(ROOT, 'docs', 'benchmarks.md')

/** Progress goes to stderr: stdout is the table. */
function say(what: string): void {
  console.error(`bench: ${what}`)
}

async function runRounds(settings: Settings, folder: string, corpus: Corpus, patience: Patience) {
  const { seconds } = settings
  const rounds: Round[] = []
  for (let number = 0; number < settings.rounds; number += 1) {
    say(`round ${number + 1} of ${settings.rounds}`)
    rounds.push(await runRound(number, { folder, corpus, patience, seconds }))
  }
  return rounds
}

async function measure(settings: Settings, folder: string, patience: Patience): Promise<Results> {
  const { messages, steadySeconds, starts } = settings
  const count = Math.max(messages + steadyCount(steadySeconds), throughputCount(settings.seconds))
  say(`signing ${count} deliveries`)
  const corpus = await writeCorpus(join(folder, 'corpus'), count, SECRET)
  const rounds = await runRounds(settings, folder, corpus, patience)
  say('the limit at a steady rate')
  const control = await runControl({ folder, corpus, perSecond: RATES.high, patience })
  say(`steady rates, ${messages} messages, and the rates again`)
  const endurance = await runEndurance({ folder, corpus, messages, steadySeconds, patience })
  say('starts')
  const startup = await measureStarts({ starts, folder, used: endurance.database, patience })
  const contestants = rounds.flatMap((round) => Object.values(round))
  const problems = [...contestants, endurance].flatMap((part) => part.problems)
  return { rounds, control, endurance, startup, messages, problems }
}

async function publish(settings: Settings, folder: string): Promise<void> {
  const machine = await describeMachine(folder)
  const patience = openPatience(settings.patienceSeconds)
  const results = await measure(settings, folder, patience)
  const { problems } = results
  const rows = toRows(results)
  console.log(`${machineLines(machine, patience.seen()).join('\n')}\n\n${renderTable(rows)}`)
  for (const miss of misses(rows)) console.log(`NOT REACHED  ${miss}`)
  for (const problem of problems) console.log(`WRONG  ${problem}`)
  if (problems.length > 0) process.exitCode = 1
  if (settings.quick) return say('a quick look: docs/benchmarks.md is left as it was')
  const section = renderReport(rows, { machine, settings, problems, busy: patience.seen() })
  const document = await Bun.file(DOCUMENT).text()
  await Bun.write(DOCUMENT, replaceSection(document, 'bench', section))
  say('written to docs/benchmarks.md')
}

/** The databases lie on the disk of the checkout, in the folder that `make clean` removes. */
async function main(): Promise<void> {
  requireWrk()
  const settings = readSettings(process.env)
  mkdirSync(join(ROOT, 'dist'), { recursive: true })
  const folder = mkdtempSync(join(ROOT, 'dist', 'bench-'))
  const clear = () => rmSync(folder, { recursive: true, force: true })
  // Ctrl-C reaches the servers as well; what is left to do is to give the disk back.
  process.once('SIGINT', () => {
    clear()
    process.kill(process.pid, 'SIGKILL')
  })
  await publish(settings, folder).finally(clear)
}

try {
  await main()
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
}
