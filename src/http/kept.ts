import type { KeptKind } from '../kept.ts'
import { parseKeptQuery } from '../listing.ts'
import type { KeptRecord } from '../records.ts'
import type { Store } from '../store.ts'
import { refuse } from './answer.ts'
import { RawJson, writeJson } from './json.ts'
import { answerPage } from './page.ts'
import { searchOf } from './target.ts'

interface List {
  readonly path: string
  readonly name: 'field' | 'reason'
}

/** How each kind is listed: under which path, and what its label is called. */
const LISTS: Readonly<Record<KeptKind, List>> = {
  notification: { path: '/notifications', name: 'field' },
  quarantine: { path: '/quarantine', name: 'reason' },
}

/** GET /notifications and GET /quarantine: one page of what was kept as it came. */
export async function listKept(request: Request, kind: KeptKind, store: Store): Promise<Response> {
  const { path, name } = LISTS[kind]
  const parameters = new URLSearchParams(searchOf(request.url))
  const asked = parseKeptQuery(parameters, kind, name)
  if (!('query' in asked)) return refuse(422, asked)
  const rows = await store.listKept(asked.query)
  const recordOf = ({ label, raw, ...rest }: KeptRecord) => {
    return { [name]: label, ...rest, raw: new RawJson(raw) }
  }
  const page = { ...rows, data: rows.data.map(recordOf) }
  return answerPage({ path, parameters, write: writeJson }, asked.query, page, asked.cursorOf)
}
