import { describe, expect, test } from 'bun:test'
import { startService, TRANSPORTS } from '../support/service.ts'
import { delivery, signed } from '../support/signer.ts'

describe.each([...TRANSPORTS])('GET /metrics, %s', (transport) => {
  test('answers in the Prometheus text format, version 0.0.4', async () => {
    await using service = await startService({}, transport)
    const response = await service.request('/metrics')
    expect(response.status).toBe(200)
    const type = response.headers.get('content-type')
    expect(type).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect((await response.text()).split('\n').slice(0, 2)).toEqual([
      '# HELP http_requests_total HTTP requests answered, by route template and status code.',
      '# TYPE http_requests_total counter',
    ])
  })

  test('has every result, the latency and the queue at 0 from the start', async () => {
    await using service = await startService({}, transport)
    const text = await (await service.request('/metrics')).text()
    const results = ['created', 'duplicate', 'invalid_signature', 'validation_error']
    for (const sample of [
      ...results.map((result) => `webhook_requests_total{result="${result}"}`),
      'webhook_conflicts_total',
      'webhook_queue_depth_messages',
      'request_latency_ms_sum',
      'request_latency_ms_count',
    ]) {
      expect(text).toContain(`\n${sample} 0\n`)
    }
    for (const quantile of ['0.5', '0.9', '0.99']) {
      expect(text).toContain(`\nrequest_latency_ms{quantile="${quantile}"} `)
    }
  })

  test('counts each delivery once, by what became of it', async () => {
    await using service = await startService({ BODY_BYTES_MAX: '300' }, transport)
    const large = signed('x'.repeat(301))
    const unsigned = { method: 'POST', body: '{}' }
    for (const init of [delivery(), delivery(), delivery({ text: 'other' }), signed('[]')]) {
      await service.request('/webhook', init)
    }
    for (const init of [unsigned, unsigned, unsigned, large]) {
      await service.request('/webhook', init)
    }
    const samples = {
      'webhook_requests_total{result="created"}': 1,
      'webhook_requests_total{result="duplicate"}': 2,
      'webhook_requests_total{result="validation_error"}': 1,
      'webhook_requests_total{result="invalid_signature"}': 3,
      'webhook_requests_total{result="body_too_large"}': 1,
      webhook_conflicts_total: 1,
      'http_requests_total{path="/webhook",status="200"}': 3,
      'http_requests_total{path="/webhook",status="401"}': 3,
      'http_requests_total{path="/webhook",status="413"}': 1,
      'http_requests_total{path="/webhook",status="422"}': 1,
    }
    for (const [sample, value] of Object.entries(samples)) {
      expect([sample, await service.metric(sample)]).toEqual([sample, value])
    }
  })

  test('labels a route by its template, and all unknown paths alike', async () => {
    await using service = await startService({}, transport)
    for (const path of ['/messages/a', '/messages/b%2Fc', '/messages/%']) {
      await service.request(path)
    }
    const unknown = ['/x', '/a', '/b"\\', '/messages/a/b', '/webhook/', '/Stats']
    for (const path of unknown) await service.request(path)
    const byTemplate = 'http_requests_total{path="/messages/{message_id}",status="404"}'
    expect(await service.metric(byTemplate)).toBe(3)
    const text = await (await service.request('/metrics')).text()
    const labels = text.matchAll(/^http_requests_total\{path="(.*)",status="404"\} (\d+)$/gm)
    const counts = [...labels].map(([, path, count]) => [path, Number(count)])
    expect(counts).toEqual([
      ['/messages/{message_id}', 3],
      ['unmatched', unknown.length],
    ])
  })

  test('observes the latency of every request', async () => {
    await using service = await startService({}, transport)
    for (let n = 0; n < 5; n += 1) await service.request('/health/live')
    expect(await service.metric('request_latency_ms_count')).toBe(5)
    expect(await service.metric('request_latency_ms_sum')).toBeGreaterThan(0)
    expect(await service.metric('request_latency_ms{quantile="0.99"}')).toBeGreaterThan(0)
  })
})
