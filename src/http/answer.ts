import { RETRY_AFTER_SECONDS } from '../outcome.ts'

const JSON_HEADERS = { 'content-type': 'application/json' }
const RETRY_HEADERS = { ...JSON_HEADERS, 'retry-after': String(RETRY_AFTER_SECONDS) }

/** An answer whose body is this JSON text. Every 503 also says when to come back. */
export function answerText(status: number, json: string): Response {
  return new Response(json, { status, headers: status === 503 ? RETRY_HEADERS : JSON_HEADERS })
}

/** An answer whose body is this value as JSON. */
export function answer(status: number, value: unknown): Response {
  return answerText(status, JSON.stringify(value))
}

/** The one shape of every error: `{"detail": ...}`, a sentence or a list of faults. */
export function refuse(status: number, detail: unknown): Response {
  return answer(status, { detail })
}
