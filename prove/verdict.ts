import { renderCells } from '../bench/table.ts'
import type { Outcome } from './campaign.ts'

const HEAD = ['attack', 'rounds', 'acknowledged', 'lost', 'doubled', 'verdict']

const counted = (value: number | undefined) => value?.toLocaleString('en-US') ?? '-'

function cellsOf({ attack, tally, problems }: Outcome): string[] {
  const { rounds, acknowledged, lost, doubled } = tally ?? {}
  const numbers = [rounds, acknowledged, lost, doubled].map(counted)
  return [attack.title, ...numbers, problems.length === 0 ? 'kept' : 'BROKEN']
}

/** One line for each attack, as a table in Markdown. */
export function renderOutcomes(outcomes: readonly Outcome[]): string {
  return renderCells(HEAD, outcomes.map(cellsOf))
}

/** What there is to say below the table: what is wrong, and what else was seen. */
export function remarks(outcomes: readonly Outcome[]): string[] {
  const found = outcomes.flatMap(({ attack, tally, problems }) => [
    ...problems.map((problem) => `WRONG  ${attack.name}: ${problem}`),
    ...(tally?.notes ?? []).map((note) => `${attack.name}: ${note}`),
  ])
  const busy = outcomes.filter(({ timed }) => !timed).map(({ attack }) => attack.name)
  if (busy.length === 0) return found
  return [
    ...found,
    `the machine was busy with other work: no time was judged for ${busy.join(', ')}`,
  ]
}
