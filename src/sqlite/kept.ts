import type { Database } from 'bun:sqlite'
import type { KeptQuery } from '../listing.ts'
import type { Page } from '../page.ts'
import type { KeptRecord } from '../records.ts'
import { pageOfTable } from './table_page.ts'
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
export function listKept(db: Database, query: KeptQuery): Page<KeptRecord> {
  const { kind, label, after } = query
  return pageOfTable<Row, KeptRecord>(db, query, {
    table: 'kept',
    row: ROW,
    order: 'seq',
    where: new Where().add('kind = ?', kind).add('label = ?', label),
    beyond: (where) => where.add('seq > ?', after?.instant),
    recordOf,
    // A cursor holds an instant and an id; here the number of the row is all there is to say.
    positionOf: ({ seq }) => ({ instant: BigInt(seq), messageId: kind }),
  })
}
