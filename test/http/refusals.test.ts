import { describe, expect, test } from 'bun:test'
import { startService, type TestService, TRANSPORTS } from '../support/service.ts'
import { delivery, signatureOf, signed } from '../support/signer.ts'
import { dataOf, ON, PATH, post } from '../whatsapp/meta.ts'

const unsigned = { method: 'POST', body: '{"canary":4711}' }

const reasonsOf = async (service: TestService, query = '') =>
  (await dataOf(service, `/refusals${query}`)).map(({ reason }) => reason)

describe.each([...TRANSPORTS])('GET /refusals, %s', (transport) => {
  test('lists what was refused and why, the latest first, and nothing that was taken', async () => {
    await using service = await startService({ BODY_BYTES_MAX: '300' }, transport)
    await service.request('/webhook', delivery())
    await service.request('/webhook', unsigned)
    await service.request('/webhook', signed('x'.repeat(301)))
    await service.request('/webhook', delivery({ from: 'x' }))
    expect(await service.json('/refusals')).toMatchObject({ total: 3, limit: 50, offset: 0 })
    expect(await dataOf(service, '/refusals')).toMatchObject([
      {
        path: '/webhook',
        reason: 'validation_error',
        faults: [{ loc: ['body', 'from'] }],
        scheme: 'x-signature',
        body_bytes: expect.any(Number),
        body_base64: null,
      },
      { reason: 'body_too_large', body_bytes: null, body_sha256: null, scheme: 'x-signature' },
      { reason: 'invalid_signature', body_bytes: 15, scheme: null, faults: [] },
    ])
  })

  test('names the headers, the scheme even where it is off, and the address', async () => {
    await using service = await startService({}, transport)
    const headers = { 'X-Hub-Signature-256': `sha256=${signatureOf('{}')}`, 'X-Canary': '4712' }
    await service.request('/webhook', { method: 'POST', body: '{}', headers })
    const [refusal] = await dataOf(service, '/refusals')
    expect(refusal?.scheme).toBe('x-hub-signature-256')
    expect(refusal?.header_names).toContain('x-canary')
    expect(refusal?.remote_address).toBe(transport === 'socket' ? '127.0.0.1' : null)
    expect(JSON.stringify(refusal)).not.toMatch(/4712|sha256=/)
  })

  test('keeps bodies only where REFUSED_BODIES is on', async () => {
    for (const [switched, kept] of [
      ['off', null],
      ['on', btoa(unsigned.body)],
    ] as const) {
      await using service = await startService({ REFUSED_BODIES: switched }, transport)
      await service.request('/webhook', unsigned)
      expect(await dataOf(service, '/refusals')).toMatchObject([{ body_base64: kept }])
      expect(service.logText()).not.toContain('4711')
    }
  })

  test('has what WhatsApp was refused too', async () => {
    await using service = await startService(ON, transport)
    await service.request(PATH, post('{}', 'another secret'))
    await service.request(PATH, post('{}'))
    expect(await dataOf(service, '/refusals')).toMatchObject([
      { path: PATH, reason: 'validation_error', scheme: 'x-hub-signature-256' },
      { path: PATH, reason: 'invalid_signature', scheme: 'x-hub-signature-256' },
    ])
  })

  test('shows a part, filtered by reason, with the total of all that match', async () => {
    await using service = await startService({}, transport)
    for (const init of [unsigned, delivery({ from: 'x' }), unsigned, unsigned]) {
      await service.request('/webhook', init)
    }
    const wrong = 'invalid_signature'
    expect(await reasonsOf(service, `?reason=${wrong}`)).toEqual([wrong, wrong, wrong])
    expect(await reasonsOf(service, '?offset=1&limit=2')).toEqual([wrong, 'validation_error'])
    expect(await reasonsOf(service, '?offset=99999999999999999999')).toEqual([])
    expect(await service.json('/refusals?limit=1')).toMatchObject({ total: 4 })
    expect((await service.request('/refusals?limit=0')).status).toBe(422)
  })

  test('is behind the token', async () => {
    await using service = await startService({ API_TOKEN: 'the-token' }, transport)
    for (const path of ['/refusals', '/quarantine', '/notifications', '/statuses']) {
      expect([path, (await service.request(path)).status]).toEqual([path, 401])
      const headers = { Authorization: 'Bearer the-token' }
      expect([path, (await service.request(path, { headers })).status]).toEqual([path, 200])
    }
  })
})
