import { parseListQuery } from '../query.ts'
import type { Store } from '../store.ts'
import { answerText, refuse } from './answer.ts'
import { RawJson, writeJson } from './json.ts'
import { answerPage } from './page.ts'
import { searchOf } from './target.ts'

/** GET /messages: one page of what the query asks for. */
export async function listMessages(request: Request, store: Store): Promise<Response> {
  const parameters = new URLSearchParams(searchOf(request.url))
  const asked = parseListQuery(parameters)
  if (!('query' in asked)) return refuse(422, asked)
  const page = await store.list(asked.query, request.signal)
  return answerPage({ path: '/messages', parameters }, asked.query, page, asked.cursorOf)
}

/**
 * GET /messages/{message_id}: the whole record. The id is null where the path's percent-encoding
 * does not decode; then there is no such message.
 */
export async function showMessage(messageId: string | null, store: Store): Promise<Response> {
  const message = messageId === null ? undefined : await store.find(messageId)
  if (message === undefined) return refuse(404, 'Not Found')
  const { whatsapp, ...rest } = message
  const details = whatsapp && { ...whatsapp, raw: new RawJson(whatsapp.raw) }
  return answerText(200, writeJson({ ...rest, whatsapp: details }))
}
