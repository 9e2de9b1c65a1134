import { parseArgs } from 'node:util'

/** One option of a command. `default` is applied; `fallback` only tells the help what happens. */
export type OptionRow = {
  name: string
  short?: string
  help: string
  fallback?: string
} & (
  | { type: 'flag' }
  | { type: 'text'; value: string; default?: string }
  | { type: 'integer' | 'decimal'; value: string; default: number; min: number; max: number }
)

/** A word that is not an option; missing ones are refused unless `optional`. */
export type PositionalRow = { name: string; help: string; optional?: true }

type ValueOf<Row extends OptionRow> = Row extends { type: 'flag' }
  ? boolean
  : Row extends { type: 'integer' | 'decimal' }
    ? number
    : Row extends { default: string }
      ? string
      : string | undefined

/** The parsed line: a value for every option of the row, and what was said rather than assumed. */
export type Arguments<Options extends readonly OptionRow[]> = {
  options: { [Row in Options[number] as Row['name']]: ValueOf<Row> }
  /** Names of the options that stood on the line. */
  given: ReadonlySet<string>
  positionals: readonly string[]
}

type Value = string | number | boolean | undefined

/**
 * Reads a command's line by its table. Returns `{ problem }`, one line without a final stop, for
 * an unknown option, a missing or malformed value, or a word too many or too few. Numbers are
 * plain decimal digits: `1e3` and `0x10` are refused.
 */
export function parseArguments<const Options extends readonly OptionRow[]>(
  argv: readonly string[],
  rows: Options,
  words: readonly PositionalRow[],
): Arguments<Options> | { problem: string } {
  const split = splitLine(argv, rows)
  if ('problem' in split) return split
  const wordProblem = checkWords(split.positionals, words)
  if (wordProblem !== undefined) return { problem: wordProblem }
  const options: Record<string, Value> = {}
  for (const row of rows) {
    const value = readValue(row, split.values[row.name])
    if (typeof value === 'object') return value
    options[row.name] = value
  }
  return {
    // The rows gave every name its value and type just above, which the checker cannot follow.
    options: options as Arguments<Options>['options'],
    given: new Set(Object.keys(split.values)),
    positionals: split.positionals,
  }
}

type Split = { values: Record<string, string | boolean | undefined>; positionals: string[] }

function splitLine(
  argv: readonly string[],
  rows: readonly OptionRow[],
): Split | { problem: string } {
  const options = Object.fromEntries(
    rows.map((row) => [
      row.name,
      {
        type: row.type === 'flag' ? ('boolean' as const) : ('string' as const),
        ...(row.short === undefined ? {} : { short: row.short }),
      },
    ]),
  )
  try {
    return parseArgs({ args: [...argv], options, strict: true, allowPositionals: true })
  } catch (error) {
    return { problem: describe(error) }
  }
}

function describe(error: unknown): string {
  if (!(error instanceof TypeError)) throw error
  // Only the first sentence, with node's hint on a leading dash in short, so that it is one line.
  const sentence = error.message.split(/\.\s/)[0] ?? error.message
  const hint = error.message.includes('ambiguous') ? ' (write --name=-value)' : ''
  return sentence.charAt(0).toLowerCase() + sentence.slice(1) + hint
}

function checkWords(given: readonly string[], words: readonly PositionalRow[]): string | undefined {
  const extra = given[words.length]
  if (extra !== undefined) return `unexpected argument '${extra}'`
  const missing = words.slice(given.length).find((word) => word.optional !== true)
  return missing === undefined ? undefined : `missing argument ${missing.name}`
}

function readValue(row: OptionRow, raw: string | boolean | undefined): Value | { problem: string } {
  if (row.type === 'flag') return raw === true
  if (row.type === 'text') return typeof raw === 'string' ? raw : row.default
  if (typeof raw !== 'string') return row.default
  const pattern = row.type === 'integer' ? /^[0-9]{1,9}$/ : /^[0-9]{1,9}(\.[0-9]{1,6})?$/
  const number = Number(raw)
  if (pattern.test(raw) && number >= row.min && number <= row.max) return number
  const kind = row.type === 'integer' ? 'a whole number' : 'a number'
  return { problem: `--${row.name} must be ${kind} from ${row.min} to ${row.max}` }
}
