/** How much one run of the bench does. */
export interface Settings {
  /** A short look: too few rounds and messages to publish, so no document is written. */
  readonly quick: boolean
  /** How often each contestant is measured. */
  readonly rounds: number
  /** Length of one measurement at saturation. */
  readonly seconds: number
  /** Length of one measurement at a steady rate. */
  readonly steadySeconds: number
  /** Messages in the database for the figures of a used one. */
  readonly messages: number
  /** How often each start is timed. */
  readonly starts: number
  /** Longest time spent in the whole run on waiting for other work of the machine to end. */
  readonly patienceSeconds: number
}

const FULL: Settings = {
  quick: false,
  rounds: 3,
  seconds: 5,
  steadySeconds: 30,
  messages: 1_000_000,
  starts: 7,
  patienceSeconds: 90,
}

const QUICK: Settings = {
  quick: true,
  rounds: 1,
  seconds: 2,
  steadySeconds: 5,
  messages: 100_000,
  starts: 3,
  patienceSeconds: 5,
}

type Variables = Readonly<Record<string, string | undefined>>

/** The first of these variables that is set, as a whole number from 1; throws on other text. */
function count(variables: Variables, names: readonly string[], otherwise: number): number {
  const name = names.find((each) => variables[each])
  const text = name === undefined ? undefined : variables[name]
  if (text === undefined) return otherwise
  if (!/^[1-9][0-9]{0,3}$/.test(text)) throw new Error(`${name} must be a number from 1 to 9999`)
  return Number(text)
}

/**
 * Reads what `make bench ROUNDS=5 SECONDS=10` or `QUICK=1 make bench` asks for. BENCH_ROUNDS and
 * BENCH_SECONDS go first; BENCH_PATIENCE is the longest wait for a quiet machine, in seconds.
 * Throws an Error that names the variable at fault.
 */
export function readSettings(variables: Variables): Settings {
  const base = variables.QUICK === '1' ? QUICK : FULL
  return {
    ...base,
    patienceSeconds: count(variables, ['BENCH_PATIENCE'], base.patienceSeconds),
    rounds: count(variables, ['BENCH_ROUNDS', 'ROUNDS'], base.rounds),
    seconds: count(variables, ['BENCH_SECONDS', 'SECONDS'], base.seconds),
  }
}
