import { QueryStopped, StoreUnavailable } from '../store.ts'
import { refuse } from './answer.ts'

/** Status for a client that went away before it was answered; only the log ever sees it. */
const CLIENT_CLOSED_REQUEST = 499

/** The answer to a question that was stopped, by its reason. */
const STOPPED = {
  timeout: [503, 'the query took longer than QUERY_SECONDS: narrow it by since or until'],
  busy: [503, 'too many questions are waiting: ask again'],
  cancelled: [CLIENT_CLOSED_REQUEST, 'Client Closed Request'],
} as const

/**
 * The one place where what was thrown becomes an answer. Nothing of the error itself is shown:
 * a store that cannot serve now is 503 with its reason, all else is a plain 500.
 */
export function failure(error: unknown): Response {
  if (error instanceof StoreUnavailable) return refuse(503, error.reason)
  if (error instanceof QueryStopped) {
    const [status, detail] = STOPPED[error.reason]
    return refuse(status, detail)
  }
  const aborted = error instanceof DOMException && error.name === 'AbortError'
  if (aborted) return refuse(CLIENT_CLOSED_REQUEST, 'Client Closed Request')
  return refuse(500, 'Internal Server Error')
}
