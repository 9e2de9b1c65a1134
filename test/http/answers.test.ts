import { describe, expect, test } from 'bun:test'
import { startService, TRANSPORTS } from '../support/service.ts'
import { delivery, signed } from '../support/signer.ts'

/** Every route with the methods it takes, and one path of it. */
const ROUTES = [
  ['/webhook', ['POST']],
  ['/messages', ['GET', 'HEAD']],
  ['/messages/m1', ['GET', 'HEAD']],
  ['/stats', ['GET', 'HEAD']],
  ['/stats/volume', ['GET', 'HEAD']],
  ['/health/live', ['GET', 'HEAD']],
  ['/health/ready', ['GET', 'HEAD']],
  ['/metrics', ['GET', 'HEAD']],
  ['/openapi.json', ['GET', 'HEAD']],
  ['/', ['GET', 'HEAD']],
  ['/docs', ['GET', 'HEAD']],
  ['/assets/docs.js', ['GET', 'HEAD']],
] as const

/** The routes that are no page; pages.test.ts looks at those. */
const DATA = ROUTES.filter(([path]) => !/^\/(docs|assets|$)/.test(path))

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

const UNKNOWN = [
  '/webhook/',
  '/Webhook',
  '/messages/',
  '/messages//',
  '/messages/a/b',
  '/health',
  '/health/',
  '/stats/x',
  '/%6Dessages',
  '/favicon.ico',
]

const REFUSALS: readonly (readonly [number, string, RequestInit])[] = [
  [413, '/webhook', signed('x'.repeat(301))],
  [401, '/webhook', { method: 'POST', body: '{}' }],
  [422, '/webhook', signed('{}')],
  [422, '/messages?limit=0', {}],
  [404, '/messages/unknown', {}],
  [404, '/nowhere', {}],
  [405, '/webhook', {}],
  ...ROUTES.slice(1).map(([path]) => [405, path, { method: 'POST', body: 'x' }] as const),
]

const ID_FORM = /^[A-Za-z0-9._-]{1,128}$/

describe.each([...TRANSPORTS])('every answer, %s', (transport) => {
  test('tells a browser to run, frame, guess, embed, tell and keep nothing of it', async () => {
    await using service = await startService({ BODY_BYTES_MAX: '300' }, transport)
    const answers = [
      await service.request('/webhook', delivery()),
      ...(await Promise.all(DATA.map(([path]) => service.request(path)))),
      ...(await Promise.all(REFUSALS.map(([, path, init]) => service.request(path, init)))),
    ]
    for (const { headers } of answers) {
      expect(Object.fromEntries(headers)).toMatchObject({
        'cache-control': 'no-store',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      })
    }
  })

  test('carries the id that the client chose, and the log line the same', async () => {
    await using service = await startService({}, transport)
    for (const id of ['a', 'A-z_0.9', 'x'.repeat(128)]) {
      const headers = { 'X-Request-ID': id }
      const response = await service.request('/health/live', { headers })
      expect(response.headers.get('x-request-id')).toBe(id)
      expect(service.logLines().at(-1)?.request_id).toBe(id)
    }
  })

  test('carries a new id where there is none, or none that is taken', async () => {
    await using service = await startService({}, transport)
    const sent = [undefined, '', 'a b', 'x'.repeat(129), 'a,b', '"', '\u00e9', 'a/b', 'a;b']
    const ids = new Set<unknown>()
    for (const id of sent) {
      const init = id === undefined ? {} : { headers: { 'X-Request-ID': id } }
      const given = (await service.request('/stats', init)).headers.get('x-request-id')
      expect(given).toMatch(ID_FORM)
      expect(service.logLines().at(-1)?.request_id).toBe(String(given))
      ids.add(given)
    }
    expect(ids.size).toBe(sent.length)
    for (const id of sent) expect(ids.has(id)).toBe(false)
  })

  test('that is an error is JSON of the one shape, with its id', async () => {
    await using service = await startService({ BODY_BYTES_MAX: '300' }, transport)
    for (const [status, path, init] of REFUSALS) {
      const response = await service.request(path, init)
      expect([path, response.status]).toEqual([path, status])
      expect(response.headers.get('content-type')).toBe('application/json')
      expect(response.headers.get('x-request-id')).toMatch(ID_FORM)
      const body = (await response.json()) as { detail: unknown }
      expect(Object.keys(body)).toEqual(['detail'])
      expect(status === 422 ? Array.isArray(body.detail) : typeof body.detail).toBe(
        status === 422 ? true : 'string',
      )
    }
  })

  test('to a path that is no route is 404 and says so', async () => {
    await using service = await startService({}, transport)
    for (const path of UNKNOWN) {
      for (const method of ['GET', 'POST', 'DELETE']) {
        const response = await service.request(path, { method })
        expect([method, path, response.status]).toEqual([method, path, 404])
        expect(await response.text()).toBe('{"detail":"Not Found"}')
      }
    }
  })

  test('to a method that a route does not take is 405 with those it does', async () => {
    await using service = await startService({}, transport)
    for (const [path, taken] of ROUTES) {
      for (const method of METHODS.filter((each) => !taken.some((one) => one === each))) {
        const response = await service.request(path, { method })
        expect([method, path, response.status]).toEqual([method, path, 405])
        expect(response.headers.get('allow')).toBe(taken.join(', '))
        if (method === 'HEAD') continue
        expect(await response.text()).toBe('{"detail":"Method Not Allowed"}')
      }
    }
  })

  test('to HEAD has the status and headers of that to GET', async () => {
    await using service = await startService({}, transport)
    await service.request('/webhook', delivery())
    const paths = ROUTES.slice(1).map(([path]) => path)
    for (const path of [...paths, '/messages?limit=0', '/messages/unknown', '/nowhere']) {
      const get = await service.request(path)
      const head = await service.request(path, { method: 'HEAD' })
      expect([path, head.status]).toEqual([path, get.status])
      expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'))
      expect(head.headers.get('x-request-id')).toMatch(ID_FORM)
    }
  })
})
