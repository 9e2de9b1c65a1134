import { parseStatusQuery } from '../listing.ts'
import type { Store } from '../store.ts'
import { answer, refuse } from './answer.ts'
import { answerPage } from './page.ts'
import { searchOf } from './target.ts'

/** GET /statuses: one page of what became of messages that we sent. */
export async function listStatuses(request: Request, store: Store): Promise<Response> {
  const parameters = new URLSearchParams(searchOf(request.url))
  const parsed = parseStatusQuery(parameters)
  if (!('query' in parsed)) return refuse(422, parsed)
  const page = await store.listStatuses(parsed.query)
  return answerPage({ path: '/statuses', parameters }, parsed.query, page, parsed.cursorOf)
}

/** GET /statuses/{message_id}: what became of one message that we sent; see showMessage. */
export async function showStatus(messageId: string | null, store: Store): Promise<Response> {
  const status = messageId === null ? undefined : await store.findStatus(messageId)
  return status === undefined ? refuse(404, 'Not Found') : answer(200, status)
}
