import type { Database, SQLQueryBindings } from 'bun:sqlite'
import type { KeptQuery, Rows } from '../listing.ts'
import type { KeptRecord } from '../records.ts'
import { Where } from './where.ts'

interface Row extends Omit<KeptRecord, 'received_at'> {
  readonly received_at: number
}

const ROW = 'seq, label, account, copies, raw, received_at'

const recordOf = (row: Row): KeptRecord => ({
  ...row,
  received_at: new Date(row.received_at).toISOString(),
})

/** See Store.listKept; inside a read transaction. */
export function listKept(db: Database, query: KeptQuery): Rows<KeptRecord> {
  const { kind, label, after, limit, offset } = query
  const filters = () => new Where().add('kind = ?', kind).add('label = ?', label)
  const counted = filters()
  const total = db
    .query<{ n: number }, SQLQueryBindings[]>(`SELECT count(*) AS n FROM kept ${counted.clause}`)
    .get(...counted.bindings)
  if (offset >= BigInt(total?.n ?? 0)) return { data: [], total: total?.n ?? 0 }
  const where = filters().add('seq > ?', after?.instant)
  const rows = db
    .query<Row, SQLQueryBindings[]>(
      `SELECT ${ROW} FROM kept ${where.clause} ORDER BY seq LIMIT ? OFFSET ?`,
    )
    .all(...where.bindings, limit + 1, offset)
  const last = rows.length > limit ? rows[limit - 1] : undefined
  return {
    data: rows.slice(0, limit).map(recordOf),
    total: total?.n ?? 0,
    // A cursor holds an instant and an id; here the number of the row is all there is to say.
    ...(last && { end: { instant: BigInt(last.seq), messageId: kind } }),
  }
}
