import packageJson from '../../package.json' with { type: 'json' }
import { type Command, refuseUsage } from './command.ts'
import type { Io } from './io.ts'
import { renderCommand, renderOverview } from './usage.ts'

/**
 * Runs the command that the line names, out of the given table, and resolves to the exit code.
 * `--help`, `help NAME`, `NAME --help` and `--version` are answered here, from that same table.
 */
export async function dispatch(
  commands: readonly Command[],
  argv: readonly string[],
  io: Io,
): Promise<number> {
  const [first, ...rest] = argv
  if (first === undefined) return refuseUsage(io, 'no command given')
  if (first === '--version' || first === '-V') return print(io, `ackbox ${packageJson.version}\n`)
  if (first === '--help' || first === '-h') return print(io, renderOverview(commands, packageJson))
  if (first === 'help') return help(commands, rest, io)
  const row = commands.find((candidate) => candidate.name === first)
  if (row !== undefined) {
    return asksForHelp(rest) ? print(io, renderCommand(row)) : await row.run(rest, io)
  }
  return refuseUsage(io, `unknown ${first.startsWith('-') ? 'option' : 'command'} '${first}'`)
}

function help(commands: readonly Command[], names: readonly string[], io: Io): number {
  const name = names.find((word) => !word.startsWith('-'))
  if (name === undefined || name === 'help') return print(io, renderOverview(commands, packageJson))
  const row = commands.find((candidate) => candidate.name === name)
  return row === undefined
    ? refuseUsage(io, `unknown command '${name}'`)
    : print(io, renderCommand(row))
}

/** After `--` a word is a value even when it looks like the option. */
function asksForHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  const options = end === -1 ? argv : argv.slice(0, end)
  return options.includes('--help') || options.includes('-h')
}

function print(io: Io, text: string): 0 {
  io.stdout(text)
  return 0
}
