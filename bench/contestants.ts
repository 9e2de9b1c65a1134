import { join } from 'node:path'
import type { ServerOptions } from './server.ts'

/** The secret of every contestant. It signs only what the bench itself makes. */
export const SECRET = 'ackbox-bench-secret'

const ROOT = join(import.meta.dir, '..')

/** The single binary, where `make build` puts it. */
export const BINARY = join(ROOT, 'dist', 'ackbox')

const source = (path: string) => [process.execPath, join(ROOT, path)]

/** Level of our log; a quieter one shows what the log lines cost, and is not how one runs it. */
export const LOG_LEVEL = process.env.BENCH_LOG_LEVEL ?? 'INFO'

const environment = (database: string) => ({
  WEBHOOK_SECRET: SECRET,
  WHATSAPP_APP_SECRET: SECRET,
  WHATSAPP_VERIFY_TOKEN: 'unused',
  DATABASE_URL: `sqlite:///${database}`,
  DATABASE_PATH: database,
  LOG_LEVEL,
  // As the Makefile and the container set it, for all contestants alike.
  MIMALLOC_PURGE_HOLES: '0',
})

/** The four that are compared, each on the same machine in the same minutes. */
export const CONTESTANTS = ['constant', 'limit', 'oneCommit', 'ours'] as const

/** The name of one of the four. */
export type Contestant = (typeof CONTESTANTS)[number]

const COMMANDS: Readonly<Record<Contestant, readonly string[]>> = {
  constant: source('bench/contestant/constant.ts'),
  limit: source('bench/contestant/limit.ts'),
  oneCommit: source('bench/contestant/one_commit.ts'),
  ours: [...source('src/main.ts'), 'serve'],
}

/** How to start a contestant on a database file, an absolute path; two of them keep nothing. */
export function contestant(name: Contestant, database: string): ServerOptions {
  return { command: COMMANDS[name], environment: environment(database) }
}

/** How to start our compiled binary on a database file, an absolute path. */
export function binary(database: string): ServerOptions {
  return { command: [BINARY, 'serve'], environment: environment(database) }
}
