import { parseStatusQuery } from '../listing.ts'
import type { KeptStatus } from '../records.ts'
import type { Store } from '../store.ts'
import { answerText, refuse } from './answer.ts'
import { RawJson, writeJson } from './json.ts'
import { answerPage } from './page.ts'
import { searchOf } from './target.ts'

/** A status as it is shown, with all that Meta told of it as it was told. */
const shown = ({ pricing, errors, history, ...rest }: KeptStatus) => ({
  ...rest,
  pricing: new RawJson(pricing),
  errors: new RawJson(errors),
  history: history.map(({ raw, ...step }) => ({ ...step, raw: new RawJson(raw) })),
})

/** GET /statuses: one page of what became of messages that we sent. */
export async function listStatuses(request: Request, store: Store): Promise<Response> {
  const parameters = new URLSearchParams(searchOf(request.url))
  const asked = parseStatusQuery(parameters)
  if (!('query' in asked)) return refuse(422, asked)
  const rows = await store.listStatuses(asked.query)
  const page = { ...rows, data: rows.data.map(shown) }
  const list = { path: '/statuses', parameters, write: writeJson }
  return answerPage(list, asked.query, page, asked.cursorOf)
}

/** GET /statuses/{message_id}: what became of one message that we sent; see showMessage. */
export async function showStatus(messageId: string | null, store: Store): Promise<Response> {
  const status = messageId === null ? undefined : await store.findStatus(messageId)
  return status === undefined ? refuse(404, 'Not Found') : answerText(200, writeJson(shown(status)))
}
