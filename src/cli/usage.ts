import type { OptionRow } from './arguments.ts'
import type { Command } from './command.ts'

const ALWAYS: readonly OptionRow[] = [
  { name: 'help', short: 'h', type: 'flag', help: 'show this help' },
]

const GLOBAL: readonly OptionRow[] = [
  { name: 'help', short: 'h', type: 'flag', help: 'show this help, or that of a command' },
  { name: 'version', short: 'V', type: 'flag', help: 'show the version' },
]

/** The text of `ackbox --help`: every command with its summary. Ends with a newline. */
export function renderOverview(
  commands: readonly Command[],
  about: { version: string; description: string },
): string {
  return [
    `ackbox ${about.version}`,
    about.description,
    '',
    'Usage: ackbox COMMAND [options]',
    '',
    'Commands:',
    ...columns([
      ...commands.map((row): [string, string] => [row.name, row.summary]),
      ['help', 'Show the help of a command: ackbox help COMMAND'],
    ]),
    '',
    'Options:',
    ...columns(GLOBAL.map(optionLine)),
    '',
  ].join('\n')
}

/** The text of `ackbox NAME --help`: every option with its default. Ends with a newline. */
export function renderCommand(row: Command): string {
  const words = row.positionals.map((word): [string, string] => [word.name, word.help])
  return [
    `Usage: ackbox ${row.name} ${row.usage}`,
    '',
    row.summary,
    '',
    ...(words.length === 0 ? [] : ['Arguments:', ...columns(words), '']),
    'Options:',
    ...columns([...row.options, ...ALWAYS].map(optionLine)),
    '',
  ].join('\n')
}

function optionLine(row: OptionRow): [string, string] {
  const short = row.short === undefined ? '    ' : `-${row.short}, `
  const value = row.type === 'flag' ? '' : ` ${row.value}`
  return [`${short}--${row.name}${value}`, row.help + assumed(row)]
}

function assumed(row: OptionRow): string {
  const fallback = row.fallback ?? (row.type === 'flag' ? undefined : row.default)
  return fallback === undefined ? '' : ` (default: ${fallback})`
}

function columns(pairs: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...pairs.map(([left]) => left.length))
  return pairs.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)
}
