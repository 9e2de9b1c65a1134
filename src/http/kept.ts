import type { KeptKind } from '../kept.ts'
import { parseKeptQuery } from '../listing.ts'
import type { KeptRecord, NotificationRecord, QuarantineRecord } from '../records.ts'
import type { Store } from '../store.ts'
import { refuse } from './answer.ts'
import { answerPage } from './page.ts'
import { searchOf } from './target.ts'

const notification = ({ label, ...rest }: KeptRecord): NotificationRecord => {
  return { field: label, ...rest }
}

const quarantined = ({ label, ...rest }: KeptRecord): QuarantineRecord => {
  return { reason: label, ...rest }
}

interface List {
  readonly path: string
  readonly name: 'field' | 'reason'
  readonly recordOf: (record: KeptRecord) => NotificationRecord | QuarantineRecord
}

/** How each kind is listed: under which path, and what its label is called. */
const LISTS: Readonly<Record<KeptKind, List>> = {
  notification: { path: '/notifications', name: 'field', recordOf: notification },
  quarantine: { path: '/quarantine', name: 'reason', recordOf: quarantined },
}

/** GET /notifications and GET /quarantine: one page of what was kept as it came. */
export async function listKept(request: Request, kind: KeptKind, store: Store): Promise<Response> {
  const { path, name, recordOf } = LISTS[kind]
  const parameters = new URLSearchParams(searchOf(request.url))
  const parsed = parseKeptQuery(parameters, kind, name)
  if (!('query' in parsed)) return refuse(422, parsed)
  const rows = await store.listKept(parsed.query)
  const page = { ...rows, data: rows.data.map(recordOf) }
  return answerPage({ path, parameters }, parsed.query, page, parsed.cursorOf)
}
