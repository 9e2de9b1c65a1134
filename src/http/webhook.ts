import { type Intake, receive } from '../intake/receive.ts'
import { type Outcome, REJECTIONS, Rejection, type RejectionCode } from '../outcome.ts'
import { answerText, refuse } from './answer.ts'
import { type BodyLimits, readBody } from './body.ts'
import type { Notes } from './notes.ts'

/** What POST /webhook needs. */
export interface WebhookOptions extends BodyLimits {
  readonly intake: Intake
  /** Wall-clock time in milliseconds since the Unix epoch. */
  readonly clock: () => number
  readonly notes: Notes
}

const OK = '{"status":"ok"}'

/** Tells `created` from `duplicate`, which the body by contract does not. */
const RESULT_HEADER = 'x-ackbox-result'

/** Refusals in the middle of a body: its rest would keep the connection from being idle. */
const BODY_LEFT: readonly string[] = ['body_too_large', 'bodies_full'] satisfies RejectionCode[]

function respondToRefused({ result, faults }: Rejection): Response {
  const { status, detail } = REJECTIONS[result]
  const response = refuse(status, faults.length > 0 ? faults : detail)
  if (BODY_LEFT.includes(result)) response.headers.set('connection', 'close')
  return response
}

function respond(outcome: Outcome): Response {
  if (outcome instanceof Rejection) return respondToRefused(outcome)
  const response = answerText(200, OK)
  response.headers.set(RESULT_HEADER, outcome.result)
  return response
}

/** POST /webhook: reads the body within its bound and hands the delivery to the intake. */
export async function webhook(request: Request, options: WebhookOptions): Promise<Response> {
  const { intake, clock, notes } = options
  const body = await readBody(request, options)
  const { headers } = request
  const outcome =
    body instanceof Rejection ? body : await receive({ body, headers, receivedAt: clock() }, intake)
  notes.set(request, { outcome })
  return respond(outcome)
}
