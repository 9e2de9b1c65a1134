import { Elysia } from 'elysia'
import { type AccessOptions, type Admit, openAccess } from './access.ts'
import { refuse } from './answer.ts'
import { failure } from './failure.ts'
import { type Health, live, openReadiness } from './health.ts'
import { listKept } from './kept.ts'
import { listMessages, showMessage } from './messages.ts'
import { openScrape, type ScrapeOptions } from './metrics.ts'
import { type Handle, type ObserveOptions, observe } from './observe.ts'
import { listRefusals } from './refusals.ts'
import { type FindRoute, routeFinder } from './routes.ts'
import { showStats } from './stats.ts'
import { listStatuses, showStatus } from './statuses.ts'
import { pathOf } from './target.ts'
import { type WebhookOptions, webhook } from './webhook.ts'
import { shakeHands, type WhatsAppOptions, whatsappWebhook } from './whatsapp.ts'

/** Everything the routes need. */
interface AppOptions
  extends WebhookOptions,
    WhatsAppOptions,
    Health,
    ScrapeOptions,
    Omit<ObserveOptions, 'findRoute'> {
  readonly access: AccessOptions
}

/** Bodies are read by the routes themselves, as the bytes that were signed. */
const NO_PARSER = { parse: 'none' } as const

/** The routes, in the order of the README's table; a test compares the two. */
export function openRoutes(options: AppOptions) {
  const { store, notes, refusals } = options
  const scrape = openScrape(options)
  const ready = openReadiness(options)
  // standardHostname: false lets a one-letter host name, usual in container networks, through.
  return new Elysia({
    precompile: true,
    strictPath: true,
    handler: { standardHostname: false },
    serve: { development: false },
  })
    .onError({ as: 'global' }, ({ error, request }) => {
      notes.set(request, { error })
      return failure(error)
    })
    .post('/webhook', ({ request }) => webhook(request, options), NO_PARSER)
    .get('/webhook/whatsapp', ({ request }) => shakeHands(request, options))
    .post('/webhook/whatsapp', ({ request }) => whatsappWebhook(request, options), NO_PARSER)
    .get('/messages', ({ request }) => listMessages(request, store))
    .get('/messages/:message_id', ({ params }) => showMessage(params.message_id, store))
    .get('/stats', () => showStats(store))
    .get('/statuses', ({ request }) => listStatuses(request, store))
    .get('/statuses/:message_id', ({ params }) => showStatus(params.message_id, store))
    .get('/notifications', ({ request }) => listKept(request, 'notification', store))
    .get('/quarantine', ({ request }) => listKept(request, 'quarantine', store))
    .get('/refusals', ({ request }) => listRefusals(request, refusals))
    .get('/health/live', () => live())
    .get('/health/ready', () => ready())
    .get('/metrics', ({ request }) => scrape(request))
}

/**
 * Refuses what no route takes: 404 for an unknown path, 405 with Allow for a known one (RFC 9110,
 * 15.5.6); then 401 for who may not have it. Undefined for a request to be answered.
 */
function refuseAtDoor(request: Request, findRoute: FindRoute, admit: Admit): Response | undefined {
  const route = findRoute(pathOf(request.url))
  if (route === undefined) return refuse(404, 'Not Found')
  if (route.methods.has(request.method)) return admit(route.template, request)
  const response = refuse(405, 'Method Not Allowed')
  response.headers.set('allow', [...route.methods].sort().join(', '))
  return response
}

/** Makes the handler of every request: the routes behind their door, observed. */
export function openApp(options: AppOptions): Handle {
  const app = openRoutes(options)
  const findRoute = routeFinder(app.routes)
  const admit = openAccess(options.access)
  const handle = async (request: Request) =>
    refuseAtDoor(request, findRoute, admit) ?? app.fetch(request)
  return observe(handle, { ...options, findRoute })
}
