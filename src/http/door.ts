import { type AccessOptions, type Admit, openAccess } from './access.ts'
import { refuse } from './answer.ts'
import type { App, AppOptions } from './app.ts'
import { type Health, live, openReadiness } from './health.ts'
import { fail } from './notes.ts'
import { type Handle, type ObserveOptions, observe } from './observe.ts'
import { ROUTES, type Route, routeFinder } from './routes.ts'
import { webhook } from './webhook.ts'
import { shakeHands, whatsappWebhook } from './whatsapp.ts'

/** What the door and the routes behind it need. */
interface DoorOptions extends Omit<AppOptions, 'ready'>, Health, Omit<ObserveOptions, 'findRoute'> {
  readonly access: AccessOptions
}

/** The handler of every request. */
interface Door {
  readonly handle: Handle
  /** Loads the router, so that the first request for it need not wait. */
  readonly load: () => Promise<unknown>
}

/**
 * Refuses what no route takes: 404 for an unknown path, 405 with Allow for a known one (RFC 9110,
 * 15.5.6); then 401 for who may not have it. Undefined for a request to be answered.
 */
function refuseAtDoor(
  request: Request,
  route: Route | undefined,
  admit: Admit,
): Response | undefined {
  if (route === undefined) return refuse(404, 'Not Found')
  if (route.methods.has(request.method)) return admit(route.template, request)
  const response = refuse(405, 'Method Not Allowed')
  response.headers.set('allow', [...route.methods].sort().join(', '))
  return response
}

/**
 * Opens the routes behind their door, observed. Deliveries and probes are answered here, by the
 * functions that the router would call: the first for their number, the second so that the service
 * is ready before the router is loaded (docs/decisions/0020).
 */
export function openDoor(options: DoorOptions): Door {
  const findRoute = routeFinder(ROUTES)
  const admit = openAccess(options.access)
  const ready = openReadiness(options)
  const direct = new Map([
    [findRoute('/webhook'), (request: Request) => webhook(request, options)],
    [
      findRoute('/webhook/whatsapp'),
      async (request: Request) =>
        request.method === 'POST'
          ? whatsappWebhook(request, options)
          : shakeHands(request, options),
    ],
    [findRoute('/health/live'), async () => live()],
    [findRoute('/health/ready'), ready],
  ])
  let router: Promise<App> | undefined
  const load = (): Promise<App> => {
    router ??= import('./app.ts').then(({ openRoutes }) => openRoutes({ ...options, ready }))
    return router
  }
  const answer = async (request: Request, route: Route | undefined) => {
    const refused = refuseAtDoor(request, route, admit)
    if (refused !== undefined) return refused
    // A HEAD is left to the router, which takes the body away.
    const handle = request.method === 'HEAD' ? undefined : direct.get(route)
    try {
      return await (handle === undefined ? (await load()).fetch(request) : handle(request))
    } catch (error) {
      return fail(request, error, options.notes)
    }
  }
  return { handle: observe(answer, { ...options, findRoute }), load }
}
