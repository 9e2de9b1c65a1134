import { join } from 'node:path'

/** The checkout that is measured. */
export const ROOT = join(import.meta.dir, '..', '..')

/** How much one run of the bench of reads does. */
export interface Settings {
  /** Messages in each store, ascending. */
  readonly sizes: readonly number[]
  /** Where the stores are kept between runs. */
  readonly folder: string
  /** Whether stores of an earlier run are removed first. */
  readonly clean: boolean
  /** Requests that are timed for each kind of read, after the warm-up. */
  readonly requests: number
  readonly warmup: number
  /** Largest store of which a copy in the plain design is measured too. */
  readonly plainMax: number
  /** From this size on a store is made at a stretch and migrated, not appended. */
  readonly bulkFrom: number
  /** Whether docs/benchmarks.md is written. */
  readonly publish: boolean
  /** Length of one measurement of ingest. */
  readonly ingestSeconds: number
  /** How often each ingest is measured; 0 leaves ingest out. */
  readonly rounds: number
}

type Variables = Readonly<Record<string, string | undefined>>

function count(variables: Variables, name: string, otherwise: number): number {
  const text = variables[name] || String(otherwise)
  if (!/^[0-9]{1,9}$/.test(text)) throw new Error(`${name} must be a whole number`)
  return Number(text)
}

function readSizes(text: string): number[] {
  const sizes = text.split(',').map(Number)
  if (sizes.length === 0 || sizes.some((size) => !Number.isInteger(size) || size < 1000)) {
    throw new Error('BENCH_SIZES must be numbers of messages from 1000, with commas between')
  }
  return sizes.toSorted((a, b) => a - b)
}

/**
 * Reads what `BENCH_SIZES=10000,1000000 make bench-reads` asks for. Throws an Error that names
 * the variable at fault.
 */
export function readSettings(variables: Variables): Settings {
  return {
    sizes: readSizes(variables.BENCH_SIZES || '10000,1000000,10000000'),
    folder: variables.BENCH_FOLDER || join(ROOT, 'dist', 'bench-reads'),
    clean: variables.CLEAN === '1',
    requests: count(variables, 'BENCH_REQUESTS', 200),
    warmup: 20,
    plainMax: count(variables, 'BENCH_PLAIN_MAX', 10_000_000),
    bulkFrom: count(variables, 'BENCH_BULK', 999_999_999),
    publish: variables.QUICK !== '1',
    ingestSeconds: count(variables, 'BENCH_SECONDS', 8),
    rounds: count(variables, 'BENCH_ROUNDS', 3),
  }
}
