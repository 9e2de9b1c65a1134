import { type Arguments, type OptionRow, type PositionalRow, parseArguments } from './arguments.ts'
import type { Io } from './io.ts'

/** What the help needs to know of a command; `run` takes what follows its name on the line. */
export type Command = {
  name: string
  /** One line for the list of commands. */
  summary: string
  /** What may follow the name, as in `[options]`. */
  usage: string
  options: readonly OptionRow[]
  /** A row for each word that is not an option, in order. */
  positionals: readonly PositionalRow[]
  /** Resolves to the exit code: 0 done, 1 not all done, 2 wrong usage, 128 + n by a signal. */
  run: (argv: readonly string[], io: Io) => Promise<number>
}

type CommandRow<Options extends readonly OptionRow[]> = Omit<Command, 'options' | 'run'> & {
  options: Options
  run: (args: Arguments<Options>, io: Io) => Promise<number>
}

/**
 * Makes a row of COMMANDS. The row's `run` gets its arguments parsed and typed by the row's own
 * options; a line that breaks them is answered with one line on stderr and exit code 2.
 */
export function command<const Options extends readonly OptionRow[]>(
  row: CommandRow<Options>,
): Command {
  return {
    ...row,
    run: async (argv, io) => {
      const parsed = parseArguments(argv, row.options, row.positionals)
      if ('problem' in parsed) return refuseUsage(io, parsed.problem, row.name)
      return await row.run(parsed, io)
    },
  }
}

/** Says in one line what is wrong with the command line and what to type next; returns 2. */
export function refuseUsage(io: Io, problem: string, name?: string): 2 {
  const next = name === undefined ? 'ackbox --help' : `ackbox ${name} --help`
  io.stderr(`ackbox: ${problem}; see: ${next}\n`)
  return 2
}
