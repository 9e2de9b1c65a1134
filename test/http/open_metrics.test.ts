import { describe, expect, test } from 'bun:test'
import { startService, TRANSPORTS } from '../support/service.ts'
import { delivery } from '../support/signer.ts'

const TEXT = 'text/plain; version=0.0.4; charset=utf-8'
const OPEN = 'application/openmetrics-text; version=1.0.0; charset=utf-8'

/** What Prometheus 2 sends. */
const PROMETHEUS =
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,' +
  'text/plain;version=0.0.4;q=0.5,*/*;q=0.1'

describe.each([...TRANSPORTS])('GET /metrics, %s', (transport) => {
  test.each([
    [PROMETHEUS, OPEN],
    ['application/openmetrics-text', OPEN],
    ['Application/OpenMetrics-Text; Version=1.0.0; charset=utf-8', OPEN],
    ['application/openmetrics-text; version="1.0.0"', OPEN],
    ['application/openmetrics-text, text/plain', OPEN],
    ['text/plain;q=0.5, application/openmetrics-text;q=0.6', OPEN],
    ['application/openmetrics-text;q=0.5, text/plain;q=0.6', TEXT],
    ['application/openmetrics-text;q=0', TEXT],
    ['application/openmetrics-text;version=2.0.0', TEXT],
    ['application/openmetrics-text;version=1.0.01', TEXT],
    ['application/openmetrics-textual', TEXT],
    ['text/plain', TEXT],
    ['text/html,*/*;q=0.8', TEXT],
    ['*/*', TEXT],
    ['', TEXT],
    [',;q=,=;', TEXT],
  ])('answers to Accept: %s with %s', async (Accept, type) => {
    await using service = await startService({}, transport)
    const response = await service.request('/metrics', { headers: { Accept } })
    expect([response.status, response.headers.get('content-type')]).toEqual([200, type])
    expect((await response.text()).endsWith('\n# EOF\n')).toBe(type === OPEN)
  })
})

test('has every sample of the text format in OpenMetrics too, and times of creation', async () => {
  await using service = await startService()
  await service.request('/webhook', delivery())
  const names = async (Accept: string) => {
    const text = await (await service.request('/metrics', { headers: { Accept } })).text()
    const lines = text.split('\n').filter((line) => !line.startsWith('#'))
    // Whole bounds are written as floats there.
    return lines.map((line) => line.replace(/ .*/, '').replace(/="(\d+)"\}/, '="$1.0"}'))
  }
  const open = await names('application/openmetrics-text')
  const isOfScrape = (name: string) => name.includes('"/metrics"')
  expect(open.filter((name) => !/_created\b/.test(name) && !isOfScrape(name))).toEqual(
    (await names('text/plain')).filter((name) => !isOfScrape(name) && !name.includes('_created"')),
  )
  expect(open).toContain('webhook_commit_duration_seconds_created')
})

test('shows the latency in milliseconds until it is switched off', async () => {
  for (const [value, shown] of [
    ['on', true],
    ['off', false],
  ] as const) {
    await using service = await startService({ REQUEST_LATENCY_MS: value })
    await service.request('/stats')
    const text = await (await service.request('/metrics')).text()
    expect(text.includes('request_latency_ms')).toBe(shown)
  }
})

test('has as many series after a thousand odd requests as after a few', async () => {
  await using service = await startService()
  const scrape = async () => (await (await service.request('/metrics')).text()).split('\n').length
  const visit = async (name: string) => {
    await service.request(`/messages/${name}`)
    await service.request(`/${name}`, { method: 'PUT' })
    await service.request(`/stats?${name}`, { method: 'DELETE', headers: { 'X-Request-ID': name } })
    await service.request('/webhook', delivery({ message_id: name, from: `+1${name}` }))
  }
  await visit('1')
  await scrape()
  const before = await scrape()
  for (let n = 2; n < 250; n += 1) await visit(String(n))
  expect(await scrape()).toBe(before)
})
