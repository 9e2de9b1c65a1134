import type { Outcome } from '../outcome.ts'
import type { Signer } from '../scheme.ts'
import { failure } from './failure.ts'

/** What a route or the failure mapping knows of a request, for its log line and the metrics. */
export interface Note {
  readonly outcome?: Outcome
  /** Who signed the delivery, where its signature matched. */
  readonly signer?: Signer | undefined
  /** What was thrown, where it became a 5xx. */
  readonly error?: unknown
}

/** Notes by request. They go with the request, so none has to be taken away. */
export type Notes = WeakMap<Request, Note>

/** The answer to a request whose route threw, which its log line tells of. */
export function fail(request: Request, error: unknown, notes: Notes): Response {
  notes.set(request, { error })
  return failure(error)
}
