import { tokenCheck } from '../signature/token.ts'
import { refuse } from './answer.ts'

/** The tokens that readers must show; one that is undefined leaves its routes open. */
export interface AccessOptions {
  /** For everything that shows messages or counts of them. */
  readonly apiToken: string | undefined
  /** For GET /metrics. */
  readonly metricsToken: string | undefined
}

/** Refuses a request that may not have what it asks for; undefined when it may. */
type Guard = (request: Request) => Response | undefined

/** Decides over a request to the route with this template. */
export type Admit = (template: string, request: Request) => Response | undefined

const admitAll: Guard = () => undefined

/** The scheme's name is of any case and one or more spaces follow it (RFC 9110, 11.1 and 11.4). */
const BEARER = /^bearer +(.+)$/i

/**
 * A guard that wants `Authorization: Bearer` with the token. The challenge names an error only
 * where a token was shown (RFC 6750, 3).
 */
function requireToken(token: string, setting: string): Guard {
  const isToken = tokenCheck(token)
  const detail = `wanted is the header Authorization: Bearer with the ${setting}`
  return (request) => {
    const sent = BEARER.exec(request.headers.get('authorization') ?? '')?.[1]
    if (sent !== undefined && isToken(sent)) return undefined
    const response = refuse(401, detail)
    const error = sent === undefined ? '' : ', error="invalid_token"'
    response.headers.set('www-authenticate', `Bearer realm="ackbox"${error}`)
    return response
  }
}

/**
 * Makes the one decision on who may read. Whatever is not listed here wants the API_TOKEN, so
 * that a new route is closed until somebody opens it.
 */
export function openAccess({ apiToken, metricsToken }: AccessOptions): Admit {
  const api = apiToken === undefined ? admitAll : requireToken(apiToken, 'API_TOKEN')
  const metrics =
    metricsToken === undefined ? admitAll : requireToken(metricsToken, 'METRICS_TOKEN')
  const guards = new Map([
    // A sender proves itself by its signature.
    ['/webhook', admitAll],
    ['/webhook/whatsapp', admitAll],
    // Probes carry no secrets and see none.
    ['/health/live', admitAll],
    ['/health/ready', admitAll],
    ['/metrics', metrics],
    // What a browser loads holds no message; the page asks for the token before it asks for one.
    ['/openapi.json', admitAll],
    ['/', admitAll],
    ['/docs', admitAll],
    ['/assets/{name}', admitAll],
  ])
  return (template, request) => (guards.get(template) ?? api)(request)
}
