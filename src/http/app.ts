import { Elysia } from 'elysia'
import type { StoredMessage } from '../message.ts'
import type { ServiceMetrics } from '../metrics/service.ts'
import type { PageAnswer, Stats, Volume } from '../query.ts'
import type { Store } from '../store.ts'
import { live } from './health.ts'
import { listKept } from './kept.ts'
import { listMessages, showMessage } from './messages.ts'
import { showMetrics } from './metrics.ts'
import { fail, type Notes } from './notes.ts'
import { DETAILS } from './openapi/details.ts'
import { openPages } from './pages.ts'
import { listRefusals } from './refusals.ts'
import { showStats, showVolume } from './stats.ts'
import { listStatuses, showStatus } from './statuses.ts'
import { typed } from './typed.ts'
import { type WebhookOptions, webhook } from './webhook.ts'
import { shakeHands, type WhatsAppOptions, whatsappWebhook } from './whatsapp.ts'

/** Everything the routes need. */
export interface AppOptions extends WebhookOptions, WhatsAppOptions {
  readonly store: Store
  readonly metrics: ServiceMetrics
  /** GET /health/ready. */
  readonly ready: () => Promise<Response>
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
  }).onError({ as: 'global' }, ({ error, request }) => typed<never>(fail(request, error, notes)))
}

/**
 * The routes, in the order of the README's table and of ROUTES; a test compares them. They are
 * loaded when one of them is needed: see http/door.ts.
 */
export function openRoutes(options: AppOptions) {
  const { store, metrics, notes, refusals, ready } = options
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
