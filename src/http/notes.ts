import type { Outcome } from '../outcome.ts'

/** What a route or the failure mapping knows of a request, for its log line and the metrics. */
export interface Note {
  readonly outcome?: Outcome
  /** What was thrown, where it became a 5xx. */
  readonly error?: unknown
}

/** Notes by request. They go with the request, so none has to be taken away. */
export type Notes = WeakMap<Request, Note>
