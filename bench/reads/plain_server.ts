import { Database, type SQLQueryBindings } from 'bun:sqlite'
import { ADDRESS, stopOnSignal } from '../contestant/process.ts'

// What one writes first: a table with a unique id, LIKE, OFFSET and count(*), nothing derived.
const db = new Database(process.env.DATABASE_PATH ?? '', { readonly: true })

const TERMS = {
  from: 'sender = ?',
  to: 'recipient = ?',
  since: 'ts >= ?',
  until: 'ts < ?',
  q: "text LIKE '%' || ? || '%'",
} as const

const COLUMNS = 'message_id, sender AS "from", recipient AS "to", ts, text'

function listMessages(parameters: URLSearchParams): Response {
  const names = (Object.keys(TERMS) as (keyof typeof TERMS)[]).filter((name) =>
    parameters.has(name),
  )
  const clause = names.length === 0 ? '' : `WHERE ${names.map((n) => TERMS[n]).join(' AND ')}`
  const values = names.map((name) => parameters.get(name) ?? '')
  const order = parameters.get('order') === 'desc' ? 'DESC' : 'ASC'
  const offset = Number(parameters.get('offset') ?? 0)
  const page = `SELECT ${COLUMNS} FROM messages ${clause}
    ORDER BY ts ${order}, message_id ${order} LIMIT 50 OFFSET ?`
  const data = db.query<object, SQLQueryBindings[]>(page).all(...values, offset)
  const total = db
    .query<{ n: number }, SQLQueryBindings[]>(`SELECT count(*) AS n FROM messages ${clause}`)
    .get(...values)
  return Response.json({ data, total: total?.n, limit: 50, offset })
}

function showStats(): Response {
  const sums = `SELECT count(*) AS total_messages, count(DISTINCT sender) AS senders_count,
    min(ts) AS first_message_ts, max(ts) AS last_message_ts FROM messages`
  const busiest = `SELECT sender AS "from", count(*) AS count FROM messages
    GROUP BY sender ORDER BY 2 DESC, 1 LIMIT 10`
  const messages_per_sender = db.query(busiest).all()
  return Response.json({ ...(db.query(sums).get() as object), messages_per_sender })
}

function showMessage(id: string): Response {
  return Response.json(db.query(`SELECT * FROM messages WHERE message_id = ?`).get(id))
}

function route(request: Request): Response {
  const { pathname, searchParams } = new URL(request.url)
  if (pathname === '/messages') return listMessages(searchParams)
  if (pathname === '/stats') return showStats()
  if (pathname.startsWith('/messages/')) {
    return showMessage(decodeURIComponent(pathname.slice('/messages/'.length)))
  }
  return new Response('ready')
}

// A query of the plain design may take long after its client has gone: idle must not mean cut.
stopOnSignal(Bun.serve({ ...ADDRESS, idleTimeout: 0, fetch: route }))
