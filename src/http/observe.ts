import type { Log } from '../log.ts'
import type { ServiceMetrics } from '../metrics/service.ts'
import { type Outcome, RESULTS, Rejection } from '../outcome.ts'
import { StoreUnavailable } from '../store.ts'
import { openMeter } from './meter.ts'
import type { Note, Notes } from './notes.ts'
import type { FindRoute, Route } from './routes.ts'
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

/** Answers one request to a route; undefined stands for a path that has none. */
type Answer = (request: Request, route: Route | undefined) => Response | Promise<Response>

/** The label of every path that is no route, so that clients cannot add labels. */
const UNKNOWN_PATH = 'unmatched'

const REQUEST_ID = 'x-request-id'

/** The ids of a client that are taken over (the contract's alphabet and length). */
const REQUEST_ID_FORM = /^[A-Za-z0-9._-]{1,128}$/

function requestIdOf(request: Request, newId: () => string): string {
  const sent = request.headers.get(REQUEST_ID)
  return sent !== null && REQUEST_ID_FORM.test(sent) ? sent : newId()
}

const isConflict = (outcome: Outcome | undefined) =>
  outcome !== undefined && !(outcome instanceof Rejection) && outcome.conflict

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

/** Counts what became of deliveries; each result's counter is looked up once. */
function openResults({ webhookRequests, webhookConflicts }: ServiceMetrics) {
  const counters = new Map(RESULTS.map((result) => [result, webhookRequests.labels(result)]))
  return (outcome: Outcome) => {
    counters.get(outcome.result)?.inc()
    if (isConflict(outcome)) webhookConflicts.inc()
  }
}

/** What was answered, to whom and how fast: the fields that every line has. */
interface Answered {
  readonly requestId: string
  readonly method: string
  readonly path: string
  readonly status: number
  readonly milliseconds: number
}

/** Makes the function that writes a request's line. A field that is undefined is not written. */
function openLines(log: Log) {
  return (answered: Answered, { outcome, signer, error }: Note) => {
    const { requestId, method, path, status, milliseconds } = answered
    const conflict = isConflict(outcome)
    const isDefect = outcome === undefined && error !== undefined && status >= 500
    log.write(levelOf(status, conflict), {
      request_id: requestId,
      method,
      path,
      status,
      latency_ms: milliseconds,
      result: outcome?.result,
      dup: outcome && outcome.result === 'duplicate',
      message_id: outcome?.messageId,
      key: signer?.key,
      conflict: conflict || undefined,
      error: isDefect ? describe(error) : undefined,
    })
  }
}

/**
 * Wraps the routes: finds each request's route and gives it its id, and after its answer writes
 * the one log line and counts it. The metric's label and the log's field are the outcome's own
 * `result`.
 */
export function observe(answer: Answer, options: ObserveOptions): Handle {
  const { findRoute, notes, log, metrics, now, newId } = options
  const meter = openMeter(metrics)
  const countResult = openResults(metrics)
  const writeLine = openLines(log)
  return async (request) => {
    const startedAt = now()
    const { method } = request
    const path = pathOf(request.url)
    const route = findRoute(path)
    const requestId = requestIdOf(request, newId)
    const response = await answer(request, route)
    response.headers.set(REQUEST_ID, requestId)
    const note = notes.get(request) ?? {}
    const { status } = response
    const milliseconds = Math.round((now() - startedAt) * 1000) / 1000
    meter(route?.template ?? UNKNOWN_PATH, status, milliseconds)
    if (note.outcome !== undefined) countResult(note.outcome)
    writeLine({ requestId, method, path, status, milliseconds }, note)
    return response
  }
}
