import { Database } from 'bun:sqlite'
import { accepted, makeCheck, refused } from './checked.ts'
import { ADDRESS, stopOnSignal } from './process.ts'

/** The same durability, columns and indexes as ours; every other setting is SQLite's own. */
const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE messages (
    seq INTEGER PRIMARY KEY, message_id TEXT NOT NULL, sender TEXT NOT NULL,
    recipient TEXT NOT NULL, ts TEXT NOT NULL, instant INTEGER NOT NULL, text TEXT,
    folded TEXT, received_at INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX messages_by_id ON messages (message_id);
  CREATE INDEX messages_by_instant ON messages (instant, message_id);
`

function openStore(path: string) {
  const db = new Database(path, { create: true })
  db.run(SCHEMA)
  const insert = db.prepare(
    `INSERT INTO messages (message_id, sender, recipient, ts, instant, text, received_at)
     VALUES ($message_id, $from, $to, $ts, $instant, $text, $received_at)
     ON CONFLICT (message_id) DO NOTHING`,
  )
  const total = db.query<{ n: number }, []>('SELECT count(*) AS n FROM messages')
  return {
    append: (message: Record<string, unknown>) => {
      const bindings = Object.entries(message).map(([name, value]) => [`$${name}`, value])
      const now = Date.now()
      insert.run({
        ...Object.fromEntries(bindings),
        $instant: Date.parse(String(message.ts)) * 1000,
        $received_at: now,
      })
    },
    stats: () => Response.json({ total_messages: total.get()?.n }),
  }
}

const check = makeCheck(process.env.WEBHOOK_SECRET ?? '')
const store = openStore(process.env.DATABASE_PATH ?? '')

// What one writes first: every request is a transaction with an fsync of its own.
stopOnSignal(
  Bun.serve({
    ...ADDRESS,
    fetch: async (request) => {
      if (request.method === 'GET') return store.stats()
      const message = await check(request)
      if (message === undefined) return refused()
      store.append(message)
      return accepted()
    },
  }),
)
