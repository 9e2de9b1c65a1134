/** One line of the bench's table. */
export interface Row {
  readonly name: string
  readonly value: string
  /** What is to be reached, in words; absent for a figure that stands for itself. */
  readonly target?: string
  readonly reached?: boolean
}

const HEAD = ['', 'measured', 'target', 'reached']

const yesOrNo = (reached: boolean | undefined) => {
  if (reached === undefined) return ''
  return reached ? 'yes' : 'NO'
}

/** Cells under their heads as a Markdown table, padded so that it reads as well on a terminal. */
export function renderCells(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0)))
  const render = (line: readonly string[]) =>
    `| ${widths.map((width, column) => (line[column] ?? '').padEnd(width)).join(' | ')} |`
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`
  return [render(head), rule, ...rows.map(render)].join('\n')
}

/** The rows as a Markdown table. */
export function renderTable(rows: readonly Row[]): string {
  const cells = rows.map((row) => [row.name, row.value, row.target ?? '', yesOrNo(row.reached)])
  return renderCells(HEAD, cells)
}

/** The rows whose target was not reached, one sentence each. */
export function misses(rows: readonly Row[]): string[] {
  return rows
    .filter(({ reached }) => reached === false)
    .map(({ name, value, target }) => `${name}: ${value}, where the target is ${target}.`)
}
