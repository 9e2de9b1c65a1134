import { StoreUnavailable } from '../store.ts'
import { answer, answerText } from './answer.ts'

/** What readiness looks at. */
export interface Health {
  /** True from the first signal to stop. */
  readonly stopping: () => boolean
  /** See Store.check. */
  readonly check: () => Promise<void>
}

/** GET /health/live: the process answers, whatever the store does. */
export function live(): Response {
  return answerText(200, '{"status":"ok"}')
}

const notReady = (reason: string) => answer(503, { status: 'not ready', reason })

/**
 * GET /health/ready: 200 only while a write really reaches the disk. Requests that come while a
 * check is under way share it, so probing cannot keep the writer busy.
 */
export function openReadiness({ stopping, check }: Health): () => Promise<Response> {
  let checking: Promise<void> | undefined
  return async () => {
    if (stopping()) return notReady('shutting down')
    checking ??= check().finally(() => {
      checking = undefined
    })
    try {
      await checking
      return answerText(200, '{"status":"ready"}')
    } catch (error) {
      return notReady(error instanceof StoreUnavailable ? error.reason : 'database not ready')
    }
  }
}
