import { describe, expect, test } from 'bun:test'
import { startService, TRANSPORTS } from '../support/service.ts'
import { delivery, fields, signatureOf, signed, standardHeaders } from '../support/signer.ts'

const BODY = JSON.stringify(fields())
const REFUSED = '{"detail":"invalid signature"}'
const nowSeconds = () => Math.floor(Date.now() / 1000)

/** A post of BODY with these headers and no others. */
const post = (headers: Record<string, string>) => ({ method: 'POST', body: BODY, headers })

const hub = () => post({ 'X-Hub-Signature-256': `sha256=${signatureOf(BODY)}` })
const standard = (seconds = nowSeconds()) => post(standardHeaders(BODY, seconds))

describe.each([...TRANSPORTS])('signature schemes, %s', (transport) => {
  test('are the contract alone by default', async () => {
    await using service = await startService({}, transport)
    for (const [init, status] of [
      [hub(), 401],
      [standard(), 401],
      [delivery(), 200],
    ] as const) {
      expect((await service.request('/webhook', init)).status).toBe(status)
    }
  })

  test('can be turned on together, and are counted apart', async () => {
    const on = { SIGNATURE_SCHEMES: 'x-signature,x-hub-signature-256,standard-webhooks' }
    await using service = await startService(on, transport)
    for (const init of [delivery(), hub(), standard(), hub()]) {
      const response = await service.request('/webhook', init)
      expect([response.status, await response.text()]).toEqual([200, '{"status":"ok"}'])
    }
    for (const [scheme, count] of [
      ['x-signature', 1],
      ['x-hub-signature-256', 2],
      ['standard-webhooks', 1],
    ]) {
      const sample = `webhook_signatures_total{path="/webhook",scheme="${scheme}",key="current"}`
      expect([scheme, await service.metric(sample)]).toEqual([scheme, count])
    }
  })

  test('can leave the contract out', async () => {
    await using service = await startService({ SIGNATURE_SCHEMES: 'standard-webhooks' }, transport)
    expect((await service.request('/webhook', delivery())).status).toBe(401)
    expect((await service.request('/webhook', standard())).status).toBe(200)
  })

  test('that sign a time refuse one too far away, with a result of its own', async () => {
    const settings = { SIGNATURE_SCHEMES: 'standard-webhooks', TOLERANCE_SECONDS: '60' }
    await using service = await startService(settings, transport)
    for (const seconds of [nowSeconds() - 100, nowSeconds() + 100]) {
      const response = await service.request('/webhook', standard(seconds))
      expect([response.status, await response.text()]).toEqual([401, REFUSED])
    }
    expect((await service.request('/webhook', standard(nowSeconds() - 30))).status).toBe(200)
    const results = service.logLines().map(({ result }) => result)
    const stale = 'timestamp_out_of_tolerance'
    expect(results).toEqual([stale, stale, 'created'])
    expect(await service.metric(`webhook_requests_total{result="${stale}"}`)).toBe(2)
    const skew = 'webhook_clock_skew_seconds'
    expect(await service.metric(`${skew}_count{direction="past"}`)).toBe(2)
    expect(await service.metric(`${skew}_count{direction="future"}`)).toBe(1)
    expect(await service.metric(`${skew}_bucket{direction="past",le="60"}`)).toBe(1)
  })

  test('take two secrets, and log and count which one it was', async () => {
    const old = 'the-secret-of-before'
    await using service = await startService({ WEBHOOK_SECRET_PREVIOUS: old }, transport)
    const byOld = signed(BODY, { 'X-Signature': signatureOf(BODY, old) })
    const byNone = signed(BODY, { 'X-Signature': signatureOf(BODY, 'another') })
    for (const init of [byOld, signed(BODY), byOld, byNone]) await service.request('/webhook', init)
    const keys = service.logLines().map(({ key }) => key)
    expect(keys).toEqual(['previous', 'current', 'previous', undefined])
    const sample = 'webhook_signatures_total{path="/webhook",scheme="x-signature",key='
    expect(await service.metric(`${sample}"previous"}`)).toBe(2)
    expect(await service.metric(`${sample}"current"}`)).toBe(1)
    expect(service.logText()).not.toContain(old)
  })

  test('show both keys of each scheme at 0 from the start', async () => {
    await using service = await startService({}, transport)
    for (const key of ['current', 'previous']) {
      const sample = `webhook_signatures_total{path="/webhook",scheme="x-signature",key="${key}"}`
      expect(await service.metric(sample)).toBe(0)
    }
  })
})
