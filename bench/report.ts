import type { Machine } from './machine.ts'
import { QUIET } from './patience.ts'
import { median } from './quantile.ts'
import type { Settings } from './settings.ts'
import { misses, type Row, renderTable } from './table.ts'

/** What a report says besides its rows. */
export interface Context {
  readonly machine: Machine
  readonly settings: Settings
  /** See Patience.seen. */
  readonly busy: readonly number[]
  readonly problems: readonly string[]
}

const percent = (part: number) => `${Math.round(part * 100)} %`

/** The machine itself, as an item of a list in Markdown. */
export function hardwareLine({ cores, cpu, memoryBytes, kernel }: Machine): string {
  return `- ${cores} cores (${cpu}), ${Math.round(memoryBytes / 1e9)} GB of memory, ${kernel}.`
}

/** What the figures belong to, as a list in Markdown. */
export function machineLines(machine: Machine, busy: readonly number[]): string[] {
  const { versions, wrk = 'unknown', fileSystem } = machine
  return [
    hardwareLine(machine),
    `- Databases in files on ${fileSystem}; every 200 is sent after its fsync.`,
    `- ${versions}, wrk ${wrk}.`,
    `- Server and load generator share the cores. Other work took ${percent(median(busy))} of them`,
    `  just before the median measurement, ${percent(Math.max(...busy))} before the worst.`,
  ]
}

function missLines(rows: readonly Row[], { problems, busy }: Context): string[] {
  const lines = [...problems, ...misses(rows)].map((line) => `- ${line}`)
  if (lines.length === 0) return ['Every target was reached in this run.']
  if (Math.max(...busy) <= QUIET) return lines
  return [...lines, '', 'The machine was not idle: run it again on a quiet one before judging.']
}

const command = ({ rounds, seconds }: Settings) => `make bench ROUNDS=${rounds} SECONDS=${seconds}`

/** The notes below the table: how each figure comes about. */
const METHOD = `
- **Load.** Signed deliveries are made beforehand: random ids (UUIDs), 20,000 senders, short texts,
  sent a moment ago. wrk sends each once, on 64 connections, as fast as answers come back. Every
  contestant is a fresh process on a fresh database, warmed up for a second; the order moves on from
  round to round. Figures are medians over the rounds; a ratio is taken within its round.
- **The limit** checks the HMAC and parses the JSON, and stores nothing. **One commit per request**
  does the same and then one INSERT into a table with our columns and indexes, in WAL mode with
  \`synchronous=FULL\`. **ackbox** runs as in production, with a log line for every request.
- **Other work.** Before each measurement the bench waits for a quiet machine, 90 seconds at most in
  the whole run.
- **Checks.** After each load, the 200s that the generator has read, the counts in \`/metrics\` and
  the rows in \`/stats\` must agree. Anything else is listed below, and the bench fails.
- **Steady rates** come from an open-loop generator of our own: latency counts from the moment at
  which a delivery was due, so that a stall is charged in full. The limit at the same rate shows
  what of it the machine and the generator cause.
- **Memory** is VmRSS and VmHWM of the server, in MB of 10^6 bytes. **Ready** is the time from the
  start of the process to the first 200 of \`/health/ready\`, the median of several starts.
`

/** The section of docs/benchmarks.md in Markdown, from the rows of one run. */
export function renderReport(rows: readonly Row[], context: Context): string {
  const lines = [
    'Written by `make bench`; do not edit. Compare figures within one run only.',
    '',
    `    ${command(context.settings)}`,
    '',
    ...machineLines(context.machine, context.busy),
    '',
    '## Figures',
    '',
    renderTable(rows),
    '',
    '## Not reached',
    '',
    ...missLines(rows, context),
    '',
    '## How it is measured',
  ]
  return lines.join('\n') + METHOD.replace(/^\n/, '\n\n')
}
