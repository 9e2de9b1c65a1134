import type { Log } from '../log.ts'
import type { ServiceMetrics } from '../metrics/service.ts'
import { Rejection } from '../outcome.ts'
import { StoreUnavailable } from '../store.ts'
import { openMeter } from './meter.ts'
import type { Note, Notes } from './notes.ts'
import type { FindRoute } from './routes.ts'
import { pathOf } from './target.ts'

/** What the observer needs. */
export interface ObserveOptions {
  readonly findRoute: FindRoute
  readonly notes: Notes
  readonly log: Log
  readonly metrics: ServiceMetrics
  /** Monotonic time in milliseconds. */
  readonly now: () => number
  /** Makes a new request id. */
  readonly newId: () => string
}

/** Answers one request. */
export type Handle = (request: Request) => Promise<Response>

/** The label of every path that is no route, so that clients cannot add labels. */
const UNKNOWN_PATH = 'unmatched'

const REQUEST_ID = 'x-request-id'

/** The ids of a client that are taken over (the contract's alphabet and length). */
const REQUEST_ID_FORM = /^[A-Za-z0-9._-]{1,128}$/

function requestIdOf(request: Request, newId: () => string): string {
  const sent = request.headers.get(REQUEST_ID)
  return sent !== null && REQUEST_ID_FORM.test(sent) ? sent : newId()
}

/** The fields of the log line that only some requests have. */
function noteFields({ outcome, signer, error }: Note, status: number): Record<string, unknown> {
  if (outcome === undefined) return status < 500 || !error ? {} : { error: describe(error) }
  const { result, messageId } = outcome
  const conflict = !(outcome instanceof Rejection) && outcome.conflict
  return {
    result,
    dup: result === 'duplicate',
    ...(messageId !== undefined && { message_id: messageId }),
    ...(signer !== undefined && { key: signer.key }),
    ...(conflict && { conflict }),
  }
}

/** A stack is for defects only: of a store that cannot serve now, the reason and its cause. */
function describe(error: unknown): unknown {
  if (error instanceof StoreUnavailable) {
    return { message: error.message, cause: String(error.cause) }
  }
  return error instanceof Error ? { message: error.message, stack: error.stack } : String(error)
}

function levelOf(status: number, conflict: boolean) {
  if (status >= 500) return 'ERROR'
  return conflict ? 'WARNING' : 'INFO'
}

/**
 * Wraps the routes: gives each request its id, and after its answer writes the one log line and
 * counts it. The metric's label and the log's field are the outcome's own `result`.
 */
export function observe(handle: Handle, options: ObserveOptions): Handle {
  const { findRoute, notes, log, metrics, now, newId } = options
  const meter = openMeter(metrics)
  const count = (path: string, status: number, milliseconds: number, { outcome }: Note) => {
    meter(findRoute(path)?.template ?? UNKNOWN_PATH, status, milliseconds)
    if (outcome === undefined) return
    metrics.webhookRequests.labels(outcome.result).inc()
    if (!(outcome instanceof Rejection) && outcome.conflict) metrics.webhookConflicts.inc()
  }
  return async (request) => {
    const startedAt = now()
    const { method } = request
    const path = pathOf(request.url)
    const requestId = requestIdOf(request, newId)
    const response = await handle(request)
    response.headers.set(REQUEST_ID, requestId)
    const note = notes.get(request) ?? {}
    const { status } = response
    const milliseconds = Math.round((now() - startedAt) * 1000) / 1000
    count(path, status, milliseconds, note)
    const fields = noteFields(note, status)
    log.write(levelOf(status, 'conflict' in fields), {
      request_id: requestId,
      method,
      path,
      status,
      latency_ms: milliseconds,
      ...fields,
    })
    return response
  }
}
