import type { Position } from '../cursor.ts'
import type { Page, Window } from '../page.ts'
import { answerText } from './answer.ts'

/** Which list it is, and what was asked of it. */
interface List {
  readonly path: string
  readonly parameters: URLSearchParams
  /** Writes the page as JSON, where rows hold what JSON.stringify does not know. */
  readonly write?: (value: object) => string
}

/** The link to the next page (RFC 8288): the same query, from the cursor on. */
function nextLink(path: string, parameters: URLSearchParams, cursor: string): string {
  const next = new URLSearchParams(parameters)
  next.delete('offset')
  next.set('cursor', cursor)
  return `<${path}?${next}>; rel="next"`
}

/** The one shape of every list, with a link to what follows where something does. */
export function answerPage(
  { path, parameters, write = JSON.stringify }: List,
  { limit, offset }: Window,
  page: Page<unknown>,
  cursorOf: (end: Position) => string,
): Response {
  const json = write({ data: page.data, total: page.total, limit })
  // The offset is repeated to the digit, also where a JSON number of JavaScript would round it.
  const response = answerText(200, `${json.slice(0, -1)},"offset":${offset}}`)
  if (page.end !== undefined) {
    response.headers.set('link', nextLink(path, parameters, cursorOf(page.end)))
  }
  return response
}
