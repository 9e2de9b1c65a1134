import { parseRefusalQuery } from '../listing.ts'
import type { Refusals } from '../refusals.ts'
import { refuse } from './answer.ts'
import { answerPage } from './page.ts'
import { searchOf } from './target.ts'

/** GET /refusals: what was refused of late, the latest first. It grows as one looks: no cursor. */
export function listRefusals(request: Request, refusals: Refusals): Response {
  const parameters = new URLSearchParams(searchOf(request.url))
  const query = parseRefusalQuery(parameters)
  if (!('limit' in query)) return refuse(422, query)
  const { limit, offset, reason } = query
  const all = refusals.list().filter((each) => reason === undefined || each.reason === reason)
  const start = offset > all.length ? all.length : Number(offset)
  const page = { data: all.slice(start, start + limit), total: all.length }
  return answerPage({ path: '/refusals', parameters }, query, page, () => '')
}
