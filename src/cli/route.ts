import { isSchemeName, SCHEME_NAMES } from '../scheme.ts'
import { bytesOfSecret } from '../secret.ts'
import { SCHEMES } from '../signature/schemes.ts'
import type { Io } from './io.ts'
import type { Route } from './postman.ts'
import { findSecret } from './secret.ts'

/** The options that say where to post and how to sign. */
export type RouteOptions = Parameters<typeof findSecret>[0] & {
  url: string | undefined
  scheme: string | undefined
  whatsapp: boolean
  attempts: number
  timeout: number
}

const BASE = 'http://127.0.0.1:8000'

/** Where to post, how to sign and with what, where the options do not say. */
const USUAL = {
  webhook: { url: `${BASE}/webhook`, scheme: 'x-signature', name: 'WEBHOOK_SECRET' },
  whatsapp: {
    url: `${BASE}/webhook/whatsapp`,
    scheme: 'x-hub-signature-256',
    name: 'WHATSAPP_APP_SECRET',
  },
} as const

/** Where to post and how to sign, as the options say, or `{ problem }`. */
export async function findRoute(
  options: RouteOptions,
  env: Io['env'],
): Promise<Route | { problem: string }> {
  const usual = options.whatsapp ? USUAL.whatsapp : USUAL.webhook
  const { url = usual.url, scheme = usual.scheme } = options
  if (!isHttpUrl(url)) return { problem: '--url must be an http or https URL' }
  if (!isSchemeName(scheme)) {
    return { problem: `--scheme must be one of ${SCHEME_NAMES.join(', ')}` }
  }
  const found = await findSecret(options, env, usual.name)
  if ('problem' in found) return found
  const { secret } = found
  if (bytesOfSecret(secret) === undefined) {
    return { problem: 'the secret is no base64 after whsec_' }
  }
  const { attempts, timeout: timeoutSeconds } = options
  return { url, scheme: SCHEMES[scheme], secret, attempts, timeoutSeconds }
}

function isHttpUrl(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
}
