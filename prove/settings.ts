import type { Attack } from './attack.ts'

/** What one run of `make prove` does. */
export interface Settings {
  readonly rounds: number
  /** Whence everything random comes; the same seed draws the same. */
  readonly seed: number
  readonly attacks: readonly Attack[]
  /** The compiled binary in place of the source. */
  readonly binary: boolean
  /** Whether the table goes into docs/promise.md: of a run of every attack. */
  readonly written: boolean
}

type Variables = Readonly<Record<string, string | undefined>>

const ROUNDS = 25
const NUMBER_MAX = 2 ** 31

/** The number in a variable, or another where there is none. Throws for what is no number. */
export function wholeNumber(variables: Variables, name: string, otherwise: number): number {
  const text = variables[name]
  if (!text) return otherwise
  if (!/^(0|[1-9][0-9]{0,9})$/.test(text) || Number(text) > NUMBER_MAX) {
    throw new Error(`${name} must be a whole number up to ${NUMBER_MAX}`)
  }
  return Number(text)
}

function chosen(variables: Variables, attacks: readonly Attack[]): readonly Attack[] {
  if (!variables.ATTACKS) return attacks
  return variables.ATTACKS.split(',').map((name) => {
    const attack = attacks.find((each) => each.name === name)
    if (attack !== undefined) return attack
    throw new Error(`ATTACKS must be some of ${attacks.map((each) => each.name).join(', ')}`)
  })
}

/**
 * Reads what `make prove ROUNDS=1000 SEED=7 ATTACKS=kill BINARY=1` asks for; `seed` is the one of
 * a run that asks for none. Throws an Error that names the variable at fault.
 */
export function readSettings(
  variables: Variables,
  attacks: readonly Attack[],
  seed: number,
): Settings {
  const rounds = wholeNumber(variables, 'ROUNDS', ROUNDS)
  if (rounds === 0) throw new Error('ROUNDS must be at least 1')
  return {
    rounds,
    seed: wholeNumber(variables, 'SEED', seed),
    attacks: chosen(variables, attacks),
    binary: variables.BINARY === '1',
    written: !variables.ATTACKS,
  }
}
