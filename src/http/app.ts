import { Elysia } from 'elysia'
import type { StoredMessage } from '../message.ts'
import type { PageAnswer, Stats, Volume } from '../query.ts'
import type { Store } from '../store.ts'
import { type AccessOptions, type Admit, openAccess } from './access.ts'
import { refuse } from './answer.ts'
import { failure } from './failure.ts'
import { type Health, live, openReadiness } from './health.ts'
import { listKept } from './kept.ts'
import { listMessages, showMessage } from './messages.ts'
import { showMetrics } from './metrics.ts'
import type { Notes } from './notes.ts'
import { type Handle, type ObserveOptions, observe } from './observe.ts'
import { DETAILS } from './openapi/details.ts'
import { openPages } from './pages.ts'
import { listRefusals } from './refusals.ts'
import { type FindRoute, routeFinder } from './routes.ts'
import { showStats, showVolume } from './stats.ts'
import { listStatuses, showStatus } from './statuses.ts'
import { pathOf } from './target.ts'
import { typed } from './typed.ts'
import { type WebhookOptions, webhook } from './webhook.ts'
import { shakeHands, type WhatsAppOptions, whatsappWebhook } from './whatsapp.ts'

/** Everything the routes need. */
interface AppOptions
  extends WebhookOptions,
    WhatsAppOptions,
    Health,
    Omit<ObserveOptions, 'findRoute'> {
  readonly access: AccessOptions
  readonly store: Store
}

/** A route as the OpenAPI document describes it. */
const as = (name: keyof typeof DETAILS) => ({ detail: DETAILS[name] })

/** The same, for one that reads the body itself, as the bytes that were signed. */
const asBytes = (name: keyof typeof DETAILS) => ({ parse: 'none' as const, ...as(name) })

/** A router without routes yet, where what is thrown becomes an answer in one place. */
function openRouter(notes: Notes) {
  // standardHostname: false lets a one-letter host name, usual in container networks, through.
  return new Elysia({
    precompile: true,
    strictPath: true,
    handler: { standardHostname: false },
    serve: { development: false },
  }).onError({ as: 'global' }, ({ error, request }) => {
    notes.set(request, { error })
    return typed<never>(failure(error))
  })
}

/** The routes, in the order of the README's table; a test compares the two. */
export function openRoutes(options: AppOptions) {
  const { store, notes, refusals, metrics } = options
  const ready = openReadiness(options)
  const pages = openPages(async () => (await import('./openapi/document.ts')).writeDocument(app))
  const page = (request: Request) => typed<PageAnswer>(listMessages(request, store))
  const one = (id: string) => typed<StoredMessage>(showMessage(id, store))
  const app = openRouter(notes)
    .post('/webhook', ({ request }) => webhook(request, options), asBytes('webhook'))
    .get('/webhook/whatsapp', ({ request }) => shakeHands(request, options), as('shakeHands'))
    .post(
      '/webhook/whatsapp',
      ({ request }) => whatsappWebhook(request, options),
      asBytes('notify'),
    )
    .get('/messages', ({ request }) => page(request), as('listMessages'))
    .get('/messages/:message_id', ({ params }) => one(params.message_id), as('showMessage'))
    .get('/stats', () => typed<Stats>(showStats(store)), as('showStats'))
    .get(
      '/stats/volume',
      ({ request }) => typed<Volume>(showVolume(request, store)),
      as('showVolume'),
    )
    .get('/statuses', ({ request }) => listStatuses(request, store), as('listStatuses'))
    .get(
      '/statuses/:message_id',
      ({ params }) => showStatus(params.message_id, store),
      as('showStatus'),
    )
    .get(
      '/notifications',
      ({ request }) => listKept(request, 'notification', store),
      as('listNotifications'),
    )
    .get(
      '/quarantine',
      ({ request }) => listKept(request, 'quarantine', store),
      as('listQuarantine'),
    )
    .get('/refusals', ({ request }) => listRefusals(request, refusals), as('listRefusals'))
    .get('/health/live', () => live(), as('live'))
    .get('/health/ready', () => ready(), as('ready'))
    .get('/metrics', ({ request }) => showMetrics(request, metrics.registry), as('metrics'))
    .get('/openapi.json', () => pages.openapi(), as('openapi'))
    .get('/', () => pages.inbox(), as('inbox'))
    .get('/docs', () => pages.docs(), as('docs'))
    .get('/assets/:name', ({ params, request }) => pages.asset(params.name, request), as('asset'))
  return app
}

/** The routes as Elysia's own typed client (Eden) takes them; docs/clients.md has a sample. */
export type App = ReturnType<typeof openRoutes>

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
