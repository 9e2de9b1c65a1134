import type { Chance } from '../bench/chance.ts'
import type { ServerOptions } from '../bench/server.ts'

/** What an attack is given. */
export interface Context {
  /** How often to attack; an attack whose rounds are long says in its tally how many it took. */
  readonly rounds: number
  /** Draws everything that is random, so that the same seed attacks in the same way. */
  readonly chance: Chance
  /** An empty folder of this attack alone; it is removed afterwards. */
  readonly folder: string
  /** How to start `ackbox serve` on a database file, an absolute path, as source or as binary. */
  readonly program: (database: string) => ServerOptions
  /** Whether a time that is missed counts as broken: not in a test, which runs on any machine. */
  readonly timed: boolean
  /** Tells the reader how far it is, in a line of its own. */
  readonly say: (what: string) => void
}

/** What an attack has found. */
export interface Tally {
  readonly rounds: number
  /** Deliveries that were answered 200. */
  readonly acknowledged: number
  /** Those of them that were not there afterwards, or not as they were sent first. */
  readonly lost: number
  /** Rows too many: each further one under an id that is there already. */
  readonly doubled: number
  /** Everything else that should not be, a sentence each; none when the promise is kept. */
  readonly problems: readonly string[]
  /** What the reader may want to know of a run that went well: times, sizes, counts. */
  readonly notes: readonly string[]
}

/**
 * One way to make ackbox break its promise. It starts the real process, attacks it from outside,
 * and counts. It throws only where it could not attack at all, as without a program it needs.
 */
export interface Attack {
  /** Of lower-case letters and hyphens: ATTACKS=name chooses it. */
  readonly name: string
  /** What it does, for the table: some words. */
  readonly title: string
  readonly run: (context: Context) => Promise<Tally>
}
