import type { Database, SQLQueryBindings } from 'bun:sqlite'
import type { Rows, StatusQuery } from '../listing.ts'
import type { StatusRecord } from '../records.ts'
import type { StatusEvent } from '../status.ts'
import { Where } from './where.ts'

interface Row {
  readonly message_id: string
  readonly sender: string
  readonly recipient: string
  readonly status: string
  readonly ts: string
  readonly instant: bigint
  readonly history: string
  readonly received_at: number
}

const ROW = `message_id, sender, recipient, status, ts, CAST(instant AS TEXT) AS instant, history,
  received_at`

/** What a step tells under a name, of the furthest step that tells it. */
function latest(steps: readonly Record<string, unknown>[], name: string): unknown {
  return steps.findLast((step) => step[name] !== undefined)?.[name]
}

function recordOf(row: Row): StatusRecord {
  const history: StatusEvent[] = JSON.parse(row.history)
  const steps = history.map(({ status, ts, raw }) => ({ status, ts, raw: JSON.parse(raw) }))
  const raws = steps.map(({ raw }) => raw)
  const errors = latest(raws, 'errors')
  return {
    message_id: row.message_id,
    from: row.sender,
    recipient: row.recipient,
    status: row.status,
    ts: row.ts,
    pricing: latest(raws, 'pricing') ?? null,
    errors: Array.isArray(errors) ? errors : [],
    history: steps,
    received_at: new Date(row.received_at).toISOString(),
  }
}

/** See Store.findStatus; inside a read transaction. */
export function findStatus(db: Database, messageId: string): StatusRecord | undefined {
  const sql = `SELECT ${ROW} FROM statuses WHERE message_id = ?`
  const row = db.query<Row, [string]>(sql).get(messageId)
  return row === null ? undefined : recordOf(row)
}

/** See Store.listStatuses; inside a read transaction. */
export function listStatuses(db: Database, query: StatusQuery): Rows<StatusRecord> {
  const { recipient, status, since, after, limit, offset } = query
  const filters = () =>
    new Where().add('recipient = ?', recipient).add('status = ?', status).add('instant >= ?', since)
  const counted = filters()
  const total = db
    .query<{ n: number }, SQLQueryBindings[]>(
      `SELECT count(*) AS n FROM statuses ${counted.clause}`,
    )
    .get(...counted.bindings)
  if (offset >= BigInt(total?.n ?? 0)) return { data: [], total: total?.n ?? 0 }
  const where = filters().add('(instant, message_id) > (?, ?)', after?.instant, after?.messageId)
  const rows = db
    .query<Row, SQLQueryBindings[]>(
      `SELECT ${ROW} FROM statuses ${where.clause} ORDER BY instant, message_id LIMIT ? OFFSET ?`,
    )
    .all(...where.bindings, limit + 1, offset)
  const last = rows.length > limit ? rows[limit - 1] : undefined
  return {
    data: rows.slice(0, limit).map(recordOf),
    total: total?.n ?? 0,
    ...(last && { end: { instant: BigInt(last.instant), messageId: last.message_id } }),
  }
}
