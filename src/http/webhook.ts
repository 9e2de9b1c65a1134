import type { Delivery } from '../delivery.ts'
import { type Intake, receive } from '../intake/receive.ts'
import { type Outcome, REJECTIONS, Rejection } from '../outcome.ts'
import type { Refusals } from '../refusals.ts'
import { schemeIn } from '../signature/present.ts'
import { answer, answerText, refuse } from './answer.ts'
import { readBody } from './body.ts'
import type { Notes } from './notes.ts'
import { pathOf } from './target.ts'

/** What POST /webhook needs. */
export interface WebhookOptions {
  readonly intake: Intake
  /** Largest body, in bytes. */
  readonly bodyBytesMax: number
  /** Wall-clock time in milliseconds since the Unix epoch. */
  readonly clock: () => number
  readonly notes: Notes
  readonly refusals: Refusals
  /** Where a request came from; undefined for one without a socket. */
  readonly remoteAddressOf: (request: Request) => string | undefined
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

/** Notes why a delivery was refused, for who has to find out. */
function remember(
  request: Request,
  { refusals, remoteAddressOf }: WebhookOptions,
  { rejection, delivery }: { rejection: Rejection; delivery?: Delivery },
): void {
  const { headers } = request
  const scheme = delivery?.signer?.scheme ?? schemeIn(headers)
  const remoteAddress = remoteAddressOf(request)
  const path = pathOf(request.url)
  refusals.add({ path, rejection, scheme, body: delivery?.body, headers, remoteAddress })
}

/** POST /webhook: reads the body within its bound and hands the delivery to the intake. */
export async function webhook(request: Request, options: WebhookOptions): Promise<Response> {
  const { intake, bodyBytesMax, clock, notes } = options
  const body = await readBody(request, bodyBytesMax)
  if (body instanceof Rejection) {
    notes.set(request, { outcome: body })
    remember(request, options, { rejection: body })
    return respond(body)
  }
  const delivery: Delivery = { body, headers: request.headers, receivedAt: clock() }
  const outcome = await receive(delivery, intake)
  notes.set(request, { outcome, signer: delivery.signer })
  if (outcome instanceof Rejection) remember(request, options, { rejection: outcome, delivery })
  return respond(outcome)
}
