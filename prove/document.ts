import type { Machine } from '../bench/machine.ts'
import { hardwareLine } from '../bench/report.ts'
import type { Outcome } from './campaign.ts'
import type { Settings } from './settings.ts'
import { remarks, renderOutcomes } from './verdict.ts'

/** Which section of docs/promise.md a run writes: the source and the binary have one each. */
export function sectionName({ binary }: Settings): string {
  return binary ? 'prove-binary' : 'prove'
}

function command({ rounds, seed, binary }: Settings): string {
  return `make prove ROUNDS=${rounds} SEED=${seed}${binary ? ' BINARY=1' : ''}`
}

/** The section of docs/promise.md in Markdown, from one run of every attack. */
export function renderSection(
  settings: Settings,
  outcomes: readonly Outcome[],
  machine: Machine,
): string {
  const lines = [
    `## The last run, ${settings.binary ? 'of the compiled binary' : 'from source'}`,
    '',
    'Written by `make prove`; do not edit.',
    '',
    `    ${command(settings)}`,
    '',
    hardwareLine(machine),
    `- Databases in files on ${machine.fileSystem}.`,
    `- ${machine.versions}.`,
    '',
    renderOutcomes(outcomes),
    '',
    ...remarks(outcomes).map((remark) => `- ${remark}`),
  ]
  return lines.join('\n')
}
