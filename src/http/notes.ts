import type { Outcome } from '../outcome.ts'
import type { Signer } from '../scheme.ts'

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
