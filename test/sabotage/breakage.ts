import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * One way to break the program in one line. `find` stands exactly once in `file` (a path from the
 * root of the project) and `replace` takes its place. `tests` are the test files that must go red
 * for it; without them it is any test of the project.
 */
export interface Breakage {
  name: string
  file: string
  find: string
  replace: string
  tests?: string[]
}

/** One way to break a file: the breakage's name, what stands in the file, what takes its place. */
type Row = readonly [name: string, find: string, replace: string]

/** Makes the breakages of one file that the same tests must notice. */
export function breakagesOf(file: string, tests: string[], rows: readonly Row[]): Breakage[] {
  return rows.map(([name, find, replace]) => ({ name, file, find, replace, tests }))
}

/** The text of the broken file. Only for a breakage that is not stale. */
export function breakText(text: string, { find, replace }: Breakage): string {
  return text.replace(find, () => replace)
}

function parses(path: string, text: string): boolean {
  if (!path.endsWith('.ts')) return true
  try {
    new Bun.Transpiler({ loader: 'ts' }).transformSync(text)
    return true
  } catch {
    return false
  }
}

/**
 * Why a breakage no longer fits the project at `root`, as one line; undefined when it fits. A
 * breakage that leaves a syntax error is stale too: any suite goes red for one.
 */
export function staleness(root: string, breakage: Breakage): string | undefined {
  const { file, find, replace, tests = [] } = breakage
  const missing = [file, ...tests].find((path) => !existsSync(join(root, path)))
  if (missing !== undefined) return `there is no ${missing}`
  const text = readFileSync(join(root, file), 'utf8')
  const count = text.split(find).length - 1
  if (count !== 1) return `"${find}" stands ${count} times in ${file}`
  if (find === replace) return 'it changes nothing'
  return parses(file, breakText(text, breakage)) ? undefined : 'it leaves a syntax error'
}
