import type { Intake } from '../intake/receive.ts'
import { tokenCheck } from '../signature/token.ts'
import { answerChallenge } from '../whatsapp/handshake.ts'
import { answerAs, refuse } from './answer.ts'
import { searchOf } from './target.ts'
import { type WebhookOptions, webhook } from './webhook.ts'

/** Largest notification, in bytes: Meta's batches stay under 3 MiB. */
const NOTIFICATION_BYTES_MAX = 4 * 1024 * 1024

/** What the WhatsApp routes need beside that of POST /webhook; undefined where they are off. */
export interface WhatsAppOptions {
  readonly whatsapp:
    | {
        readonly intake: Intake
        /** What the handshake must bring; read anew each time. */
        readonly verifyToken: () => string
      }
    | undefined
}

const PLAIN = 'text/plain; charset=utf-8'

/** GET /webhook/whatsapp: the handshake, by which Meta asks whether the address is ours. */
export function shakeHands(request: Request, { whatsapp }: WhatsAppOptions): Response {
  if (whatsapp === undefined) return refuse(404, 'Not Found')
  const query = new URLSearchParams(searchOf(request.url))
  const challenge = answerChallenge(query, tokenCheck(whatsapp.verifyToken()))
  if (challenge === undefined)
    return refuse(403, 'wrong hub.mode, hub.verify_token or hub.challenge')
  return answerAs(PLAIN, challenge)
}

/** POST /webhook/whatsapp: as POST /webhook, for all that a notification brings. */
export async function whatsappWebhook(
  request: Request,
  options: WebhookOptions & WhatsAppOptions,
): Promise<Response> {
  const { whatsapp } = options
  if (whatsapp === undefined) return refuse(404, 'Not Found')
  const { intake } = whatsapp
  return webhook(request, { ...options, intake, bodyBytesMax: NOTIFICATION_BYTES_MAX })
}
