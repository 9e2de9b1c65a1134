import { StoreUnavailable } from '../store.ts'
import { refuse } from './answer.ts'

/** Status for a client that went away before it was answered; only the log ever sees it. */
const CLIENT_CLOSED_REQUEST = 499

/**
 * The one place where what was thrown becomes an answer. Nothing of the error itself is shown:
 * a store that cannot serve now is 503 with its reason, all else is a plain 500.
 */
export function failure(error: unknown): Response {
  if (error instanceof StoreUnavailable) return refuse(503, error.reason)
  const aborted = error instanceof DOMException && error.name === 'AbortError'
  if (aborted) return refuse(CLIENT_CLOSED_REQUEST, 'Client Closed Request')
  return refuse(500, 'Internal Server Error')
}
