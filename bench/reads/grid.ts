import type { Line } from './measure.ts'
import type { Subject } from './subject.ts'
import type { Timing } from './timing.ts'

/** Times with two digits that matter, in milliseconds. */
function short(milliseconds: number): string {
  if (milliseconds >= 10) return Math.round(milliseconds).toLocaleString('en')
  return milliseconds.toFixed(milliseconds < 1 ? 2 : 1)
}

/** A half and 99 of 100 requests ended within these; fewer than 100 show their longest. */
function cell({ requests, p50, p99, max, failures }: Timing): string {
  if (failures.late !== undefined) return `over ${short(max)}`
  const failed = Object.entries(failures).map(([status, count]) => ` (${count} x ${status})`)
  return `${short(p50)} / ${short(requests < 100 ? max : p99)}${failed.join('')}`
}

/** How a size is written in a heading. */
export const inWords = (size: number) => size.toLocaleString('en')

const heading = ({ plain, size }: Subject) => `${plain ? 'plain, ' : ''}${inWords(size)}`

const render = (cells: readonly string[], widths: readonly number[]) =>
  `| ${cells.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' | ')} |`

/** Rows and columns as a Markdown table that reads as well on a terminal. */
function renderCells(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  const [head = '', ...body] = rows.map((row) => render(row, widths))
  return [head, `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...body].join('\n')
}

/** Every kind of read on every subject: p50 / p99 in milliseconds. */
export function renderGrid(lines: readonly Line[], subjects: readonly Subject[]): string {
  const head = ['p50 / p99 in ms', ...subjects.map(heading)]
  return renderCells([head, ...lines.map(({ name, timings }) => [name, ...timings.map(cell)])])
}

/** The rate of each million while the stores were built. */
export function renderRates(perSecond: readonly number[]): string {
  return perSecond.map((rate) => inWords(rate)).join(', ')
}
