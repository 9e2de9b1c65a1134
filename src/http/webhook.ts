import type { Delivery } from '../delivery.ts'
import { type Intake, receive } from '../intake/receive.ts'
import { type Outcome, REJECTIONS, Rejection } from '../outcome.ts'
import { answer, answerText, refuse } from './answer.ts'
import { readBody } from './body.ts'
import type { Notes } from './notes.ts'

/** What POST /webhook needs. */
export interface WebhookOptions {
  readonly intake: Intake
  /** Largest body, in bytes. */
  readonly bodyBytesMax: number
  /** Wall-clock time in milliseconds since the Unix epoch. */
  readonly clock: () => number
  readonly notes: Notes
}

const OK = '{"status":"ok"}'

/** Tells `created` from `duplicate`, which the body by contract does not. */
const RESULT_HEADER = 'x-ackbox-result'

function respond(outcome: Outcome): Response {
  if (outcome instanceof Rejection) {
    const { status, detail } = REJECTIONS[outcome.result]
    return outcome.faults.length > 0
      ? answer(status, { detail: outcome.faults })
      : refuse(status, detail)
  }
  const response = answerText(200, OK)
  response.headers.set(RESULT_HEADER, outcome.result)
  return response
}

/** POST /webhook: reads the body within its bound and hands the delivery to the intake. */
export async function webhook(request: Request, options: WebhookOptions): Promise<Response> {
  const { intake, bodyBytesMax, clock, notes } = options
  const body = await readBody(request, bodyBytesMax)
  if (body instanceof Rejection) {
    notes.set(request, { outcome: body })
    return respond(body)
  }
  const delivery: Delivery = { body, headers: request.headers, receivedAt: clock() }
  const outcome = await receive(delivery, intake)
  notes.set(request, { outcome, signer: delivery.signer })
  return respond(outcome)
}
