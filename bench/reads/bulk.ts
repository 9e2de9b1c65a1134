import { Database } from 'bun:sqlite'
import { fold } from '../../src/fold.ts'
import { parseInstant } from '../../src/instant.ts'
import type { Message } from '../../src/message.ts'
import { APPLICATION_ID } from '../../src/sqlite/identity.ts'
import schema from '../../src/sqlite/schema/0001_messages.sql' with { type: 'text' }

/** Messages in one transaction. */
const CHUNK_MESSAGES = 100_000

const SETTINGS = ['journal_mode = OFF', 'synchronous = OFF', 'cache_size = -262144']

const isIndex = (statement: string) => /CREATE (UNIQUE )?INDEX/.test(statement)

/** The first schema's statements: those of tables and rows, and those of indexes. */
function statements(): { tables: string[]; indexes: string[] } {
  const all = schema.split(/;\s*\n/).filter((statement) => /\S/.test(statement))
  return {
    tables: all.filter((statement) => !isIndex(statement)),
    indexes: all.filter(isIndex),
  }
}

/** The same rule as the writer's: null where SQL's lower() says it. */
function foldedOf(text: string | null): string | null {
  if (text === null || text.includes('\0')) return text === null ? null : fold(text)
  const folded = fold(text)
  return folded === text.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase()) ? null : folded
}

function insertAll(db: Database, size: number, make: (number: number) => Message): number {
  const insert = db.prepare(
    `INSERT INTO messages (message_id, sender, recipient, ts, instant, text, folded, received_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  let bytes = 0
  for (let first = 0; first < size; first += CHUNK_MESSAGES) {
    db.transaction(() => {
      for (let n = first; n < Math.min(size, first + CHUNK_MESSAGES); n += 1) {
        const message = make(n)
        const { message_id, from, to, ts, text } = message
        const instant = parseInstant(ts) ?? 0n
        insert.run(message_id, from, to, ts, instant, text, foldedOf(text), Date.now())
        bytes += Buffer.byteLength(JSON.stringify(message))
      }
    }).immediate()
  }
  return bytes
}

/**
 * Writes a database as the first release kept it, at a stretch and with its indexes made last:
 * minutes where appending ten million messages takes an hour. Opening it adds all that came
 * later. Returns the messages' bytes as JSON.
 */
export function writeFirstRelease(
  path: string,
  size: number,
  make: (number: number) => Message,
): number {
  using db = new Database(path, { create: true, strict: true })
  for (const setting of SETTINGS) db.run(`PRAGMA ${setting}`)
  const { tables, indexes } = statements()
  for (const statement of tables) db.run(statement)
  const bytes = insertAll(db, size, make)
  for (const statement of indexes) db.run(statement)
  db.run(`PRAGMA application_id = ${APPLICATION_ID}`)
  db.run('PRAGMA user_version = 1')
  return bytes
}
