import { describe, expect, test } from 'bun:test'
import { ROUTES } from '../../src/http/routes.ts'
import { startService, TRANSPORTS } from '../support/service.ts'
import { delivery } from '../support/signer.ts'

const API_TOKEN = 'api.token-for~tests+/=='
const METRICS_TOKEN = 'metrics-token'
const TOKENS = { API_TOKEN, METRICS_TOKEN }

/** Routes that ask for no token, and the one with a token of its own; all others want the API's. */
const OPEN = ['/webhook', '/webhook/whatsapp', '/health/live', '/health/ready']
const PAGES = ['/openapi.json', '/', '/docs', '/assets/m1']
const SCRAPED = '/metrics'

const GUARDED = ROUTES.map(({ path }) => path.replaceAll(/:[a-z_]+/g, 'm1')).filter(
  (path) => ![...OPEN, ...PAGES, SCRAPED].includes(path),
)

const bearer = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } })

describe.each([...TRANSPORTS])('access, %s', (transport) => {
  test('is open to everybody while no token is set', async () => {
    await using service = await startService({}, transport)
    for (const path of [...GUARDED, SCRAPED]) {
      expect([path, (await service.request(path)).status]).not.toEqual([path, 401])
    }
  })

  test.each([
    [API_TOKEN, GUARDED],
    [METRICS_TOKEN, [SCRAPED]],
  ] as const)('with %s set is for who shows it', async (token, paths) => {
    await using service = await startService(TOKENS, transport)
    for (const path of paths) {
      for (const init of [bearer(token), { method: 'HEAD', ...bearer(token) }]) {
        expect([path, (await service.request(path, init)).status]).not.toEqual([path, 401])
      }
      for (const init of [{}, { method: 'HEAD' }, bearer('wrong')]) {
        expect([path, (await service.request(path, init)).status]).toEqual([path, 401])
      }
    }
  })

  test('closes the readers of one token to the other', async () => {
    await using service = await startService(TOKENS, transport)
    expect((await service.request('/messages', bearer(METRICS_TOKEN))).status).toBe(401)
    expect((await service.request('/metrics', bearer(API_TOKEN))).status).toBe(401)
  })

  test('asks senders and probes for no token', async () => {
    await using service = await startService(TOKENS, transport)
    expect((await service.request('/webhook', delivery())).status).toBe(200)
    // Off here, so that not even a sender of WhatsApp would be known.
    expect((await service.request('/webhook/whatsapp')).status).toBe(404)
    for (const path of OPEN.slice(2)) expect((await service.request(path)).status).toBe(200)
  })

  test('asks nobody for a token who loads a page', async () => {
    await using service = await startService(TOKENS, transport)
    for (const path of PAGES) {
      expect([path, (await service.request(path)).status]).not.toEqual([path, 401])
    }
  })

  test.each([
    'bearer a',
    'Bearer',
    'Bearer ',
    API_TOKEN,
    `Bearer ${API_TOKEN}x`,
    `Bearer ${API_TOKEN.slice(0, -1)}`,
    `Bearer ${API_TOKEN.toUpperCase()}`,
    `Bearer x ${API_TOKEN}`,
    `Basic ${API_TOKEN}`,
    `xBearer ${API_TOKEN}`,
    `Bearer ${API_TOKEN}, Bearer ${API_TOKEN}`,
    'Bearer \u00e9',
  ])('is refused to the header %j', async (Authorization) => {
    await using service = await startService(TOKENS, transport)
    const response = await service.request('/stats', { headers: { Authorization } })
    expect(response.status).toBe(401)
    expect(await response.text()).not.toContain(API_TOKEN)
    expect(service.logText()).not.toContain(API_TOKEN)
  })

  test.each(['Bearer', 'bearer', 'BEARER', 'Bearer  '])(
    'takes the scheme as %j',
    async (scheme) => {
      await using service = await startService(TOKENS, transport)
      const headers = { Authorization: `${scheme} ${API_TOKEN}` }
      expect((await service.request('/stats', { headers })).status).toBe(200)
    },
  )

  test('says which token is wanted, and whether one was shown (RFC 6750)', async () => {
    await using service = await startService(TOKENS, transport)
    const challenge = async (path: string, init: RequestInit) => {
      const response = await service.request(path, init)
      return [response.headers.get('www-authenticate'), await response.json()]
    }
    const detail = (setting: string) => ({
      detail: `wanted is the header Authorization: Bearer with the ${setting}`,
    })
    expect(await challenge('/stats', {})).toEqual(['Bearer realm="ackbox"', detail('API_TOKEN')])
    expect(await challenge('/metrics', bearer('wrong'))).toEqual([
      'Bearer realm="ackbox", error="invalid_token"',
      detail('METRICS_TOKEN'),
    ])
  })

  test('tells everybody which paths there are: 404 and 405 come before 401', async () => {
    await using service = await startService(TOKENS, transport)
    expect((await service.request('/nowhere')).status).toBe(404)
    expect((await service.request('/stats', { method: 'POST' })).status).toBe(405)
  })
})
