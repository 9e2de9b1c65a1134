import type { Delivery } from '../delivery.ts'
import { type Intake, receive } from '../intake/receive.ts'
import { type Outcome, REJECTIONS, Rejection, type RejectionCode } from '../outcome.ts'
import type { Refusals } from '../refusals.ts'
import { schemeIn } from '../signature/present.ts'
import { headersWith, refuse } from './answer.ts'
import { type BodyLimits, readBody } from './body.ts'
import type { Notes } from './notes.ts'
import { pathOf } from './target.ts'

/** What POST /webhook needs. */
export interface WebhookOptions extends BodyLimits {
  readonly intake: Intake
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

const OK_HEADERS = {
  created: headersWith({ [RESULT_HEADER]: 'created' }),
  duplicate: headersWith({ [RESULT_HEADER]: 'duplicate' }),
} as const satisfies Record<Exclude<Outcome, Rejection>['result'], Headers>

/** Refusals in the middle of a body: its rest would keep the connection from being idle. */
const LEFT = ['body_too_large', 'bodies_full', 'body_too_slow'] satisfies RejectionCode[]
const BODY_LEFT: readonly string[] = LEFT

function respondToRefused({ result, faults }: Rejection): Response {
  const { status, detail } = REJECTIONS[result]
  const response = refuse(status, faults.length > 0 ? faults : detail)
  if (BODY_LEFT.includes(result)) response.headers.set('connection', 'close')
  return response
}

function respond(outcome: Outcome): Response {
  if (outcome instanceof Rejection) return respondToRefused(outcome)
  return new Response(OK, { headers: OK_HEADERS[outcome.result] })
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
  const { intake, clock, notes } = options
  const body = await readBody(request, options)
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
