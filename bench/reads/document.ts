import type { Machine } from '../machine.ts'
import { misses, type Row, renderTable } from '../table.ts'
import type { Built } from './build.ts'
import { inWords, renderRates } from './grid.ts'

/** What the section is made of. */
export interface Findings {
  readonly machine: Machine
  /** Requests of each kind that are timed, and those before them that are not. */
  readonly requests: number
  readonly warmup: number
  readonly grid: string
  readonly rows: readonly Row[]
  readonly built: readonly Built[]
  readonly real: boolean
}

const methodOf = (requests: number, warmup: number) => `
- **Stores** are filled through \`openSqliteStore\` in batches of 1,000. One without rates above
  was written at a stretch as a database of the first release, which the store then migrated: its
  indexes are denser than appending leaves them. All have UUID ids, 200,000 senders of whom a
  hundredth sends half, 20 recipients, 700 days with six hours of jitter, one text in 33 null.
  Measuring begins when the search index is complete.
- **Reads** go to \`ackbox serve\` as a process, over HTTP with keep-alive, from one client, one at
  a time: ${requests} of each kind with random parameters after ${warmup} to warm up. The stores
  take turns within each kind. Nothing is read into the page cache beforehand: what neither the
  service nor a request has touched yet comes from the disk, for reads and for ingest.
- **Plain** is a table with a unique id and no other index, asked with LIKE, OFFSET and count(*), in
  a process of its own: 20 requests, 3 on the largest; fewer where they take over 3 s together.
  Where there are fewer than 100 requests the second figure is the longest.
- **Totals** are asked for cold, each needle once after the start, and known, when the server has
  counted before.
- **Ingest** is wrk on 64 connections with signed deliveries like those of the stores, an empty
  store and the largest in turns; the p99 is that of a steady rate from an open loop, alone and
  while one client asks for totals that nobody has asked for before.
`

function ratesOf({ size, perSecond, indexSeconds }: Built): string {
  const after = `index complete ${indexSeconds.toFixed(0)} s after the last`
  const rates = perSecond.length === 0 ? 'not appended' : `${renderRates(perSecond)} messages/s`
  return `- ${inWords(size)}: ${rates}; ${after}.`
}

/** The section of docs/benchmarks.md in Markdown. */
export function renderFindings(findings: Findings): string {
  const { machine, requests, warmup, grid, rows, built, real } = findings
  const { cores, cpu, memoryBytes, fileSystem, versions } = machine
  const lines = misses(rows).map((line) => `- ${line}`)
  return [
    '## Reads',
    '',
    'Written by `make bench-reads`; do not edit.',
    '',
    `- ${cores} cores (${cpu}), ${Math.round(memoryBytes / 1e9)} GB of memory, ${fileSystem}.`,
    `- ${versions}. Texts: ${real ? 'real short messages' : 'made up'}.`,
    '',
    '### Each kind of read',
    '',
    grid,
    '',
    '### Targets for reads',
    '',
    renderTable(rows),
    '',
    '### Appending, for each million',
    '',
    ...built.map(ratesOf),
    '',
    '### Reads: not reached',
    '',
    ...(lines.length === 0 ? ['Every target was reached in this run.'] : lines),
    '',
    '### How reads are measured',
    methodOf(requests, warmup),
  ].join('\n')
}
