import { cursorOf, parseListQuery } from '../query.ts'
import type { Store } from '../store.ts'
import { answerText, refuse } from './answer.ts'
import { RawJson, writeJson } from './json.ts'
import { answerPage } from './page.ts'
import { searchOf } from './target.ts'

const isFaults = (value: object): value is readonly unknown[] => Array.isArray(value)

/** GET /messages: one page of what the query asks for. */
export async function listMessages(request: Request, store: Store): Promise<Response> {
  const parameters = new URLSearchParams(searchOf(request.url))
  const query = parseListQuery(parameters)
  if (isFaults(query)) return refuse(422, query)
  const page = await store.list(query, request.signal)
  const list = { path: '/messages', parameters }
  return answerPage(list, query, page, (end) => cursorOf(query, end))
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
