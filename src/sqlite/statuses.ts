import type { Database } from 'bun:sqlite'
import { memberText } from '../json_place.ts'
import type { StatusQuery } from '../listing.ts'
import type { Page } from '../page.ts'
import type { KeptStatus } from '../records.ts'
import type { StatusEvent } from '../status.ts'
import { pageOfTable } from './table_page.ts'
import { beyond, Where } from './where.ts'

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

/** What a step tells under a name, as JSON text, of the furthest step that tells it. */
function latest(history: readonly StatusEvent[], name: string): string | undefined {
  const told = history.map(({ raw }) => memberText(raw, name))
  return told.findLast((text) => text !== undefined)
}

function recordOf(row: Row): KeptStatus {
  const history: StatusEvent[] = JSON.parse(row.history)
  const errors = latest(history, 'errors') ?? ''
  return {
    message_id: row.message_id,
    from: row.sender,
    recipient: row.recipient,
    status: row.status,
    ts: row.ts,
    pricing: latest(history, 'pricing') ?? 'null',
    errors: errors.startsWith('[') ? errors : '[]',
    history: history.map(({ status, ts, raw }) => ({ status, ts, raw })),
    received_at: new Date(row.received_at).toISOString(),
  }
}

/** See Store.findStatus; inside a read transaction. */
export function findStatus(db: Database, messageId: string): KeptStatus | undefined {
  const sql = `SELECT ${ROW} FROM statuses WHERE message_id = ?`
  const row = db.query<Row, [string]>(sql).get(messageId)
  return row === null ? undefined : recordOf(row)
}

/** See Store.listStatuses; inside a read transaction. */
export function listStatuses(db: Database, query: StatusQuery): Page<KeptStatus> {
  const { recipient, status, since } = query
  return pageOfTable<Row, KeptStatus>(db, query, {
    table: 'statuses',
    row: ROW,
    order: 'instant, message_id',
    where: new Where()
      .add('recipient = ?', recipient)
      .add('status = ?', status)
      .add('instant >= ?', since),
    beyond: (where) => beyond(where, query),
    recordOf,
    positionOf: ({ instant, message_id }) => ({ instant: BigInt(instant), messageId: message_id }),
  })
}
