import { cursorOf, parseListQuery } from '../query.ts'
import type { Store } from '../store.ts'
import { answer, answerText, refuse } from './answer.ts'
import { searchOf } from './target.ts'

const isFaults = (value: object): value is readonly unknown[] => Array.isArray(value)

/** The link to the next page (RFC 8288): the same query, from the cursor on. */
function nextLink(parameters: URLSearchParams, cursor: string): string {
  const next = new URLSearchParams(parameters)
  next.delete('offset')
  next.set('cursor', cursor)
  return `</messages?${next}>; rel="next"`
}

/** GET /messages: one page of what the query asks for. */
export async function listMessages(request: Request, store: Store): Promise<Response> {
  const parameters = new URLSearchParams(searchOf(request.url))
  const query = parseListQuery(parameters)
  if (isFaults(query)) return refuse(422, query)
  const { limit, offset } = query
  const page = await store.list(query, request.signal)
  const json = JSON.stringify({ data: page.data, total: page.total, limit })
  // The offset is repeated to the digit, also where a JSON number of JavaScript would round it.
  const response = answerText(200, `${json.slice(0, -1)},"offset":${offset}}`)
  if (page.end !== undefined) {
    response.headers.set('link', nextLink(parameters, cursorOf(query, page.end)))
  }
  return response
}

/**
 * GET /messages/{message_id}: the whole record. The id is null where the path's percent-encoding
 * does not decode; then there is no such message.
 */
export async function showMessage(messageId: string | null, store: Store): Promise<Response> {
  const message = messageId === null ? undefined : await store.find(messageId)
  return message === undefined ? refuse(404, 'Not Found') : answer(200, message)
}
