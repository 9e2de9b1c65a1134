import { Database } from 'bun:sqlite'
import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { ServerOptions } from '../server.ts'
import { ROOT } from './settings.ts'

const SCHEMA = `CREATE TABLE messages (
  message_id TEXT NOT NULL, sender TEXT NOT NULL, recipient TEXT NOT NULL,
  ts TEXT NOT NULL, text TEXT
) STRICT`

/** Copies a store's messages into a database of the plain design beside it; returns its path. */
export function copyPlain(path: string): string {
  const plain = join(path, '..', 'plain.db')
  if (existsSync(plain)) return plain
  const half = `${plain}.half`
  rmSync(half, { force: true })
  using db = new Database(half, { create: true })
  db.run('PRAGMA journal_mode = OFF')
  db.run('PRAGMA cache_size = -262144')
  db.query('ATTACH ? AS ours').run(path)
  db.run(SCHEMA)
  db.run(`INSERT INTO messages
    SELECT message_id, sender, recipient, ts, text FROM ours.messages ORDER BY seq`)
  // What a UNIQUE constraint would make row by row, at once.
  db.run('CREATE UNIQUE INDEX messages_by_id ON messages (message_id)')
  renameSync(half, plain)
  return plain
}

/** How to serve a database of the plain design. */
export function plainServer(database: string): ServerOptions {
  return {
    command: [process.execPath, join(ROOT, 'bench', 'reads', 'plain_server.ts')],
    environment: { DATABASE_PATH: database },
  }
}
