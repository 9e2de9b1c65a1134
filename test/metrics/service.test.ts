import { expect, test } from 'bun:test'
import { renderExposition } from '../../src/metrics/exposition.ts'
import { createServiceMetrics, SERVICE_METRICS } from '../../src/metrics/service.ts'

function openMetrics() {
  return createServiceMetrics({
    version: '0.1.0',
    runtime: 'bun 1.4.5',
    results: ['created', 'duplicate', 'invalid_signature', 'validation_error'],
    queueBoundMessages: 10_000,
    walBoundBytes: 2,
    diskFreeFloorBytes: 3,
    showsLatencyMs: true,
    clock: () => 1_758_000_001_500,
    sources: {
      webhookQueueDepth: () => 3,
      storedMessages: () => 12,
      processStartTime: () => 1_758_000_000.25,
      processResidentMemory: () => 52_428_800,
      processCpu: () => 1.5,
      processOpenFds: () => 9,
      databaseBytes: () => 4096,
      arrivalsBytes: () => 4096,
      walBytes: () => 0,
      searchBytes: () => 0,
      diskFreeBytes: () => 1e9,
    },
  })
}

function linesOf(metrics: ReturnType<typeof openMetrics>): string[] {
  return renderExposition(metrics.registry).split('\n')
}

test('shows every result at 0 from the start', () => {
  expect(linesOf(openMetrics()).filter((line) => line.startsWith('webhook_requests'))).toEqual([
    'webhook_requests_total{result="created"} 0',
    'webhook_requests_total{result="duplicate"} 0',
    'webhook_requests_total{result="invalid_signature"} 0',
    'webhook_requests_total{result="validation_error"} 0',
  ])
})

test('shows what is known from the start and what is collected', () => {
  expect(linesOf(openMetrics())).toEqual(
    expect.arrayContaining([
      'webhook_conflicts_total 0',
      'ackbox_database_bytes 4096',
      'ackbox_wal_bytes 0',
      'ackbox_disk_free_bytes 1000000000',
      'process_open_fds 9',
      'webhook_queue_depth_messages 3',
      'ackbox_stored_messages 12',
      'webhook_queue_bound_messages 10000',
      'ackbox_build_info{version="0.1.0",runtime="bun 1.4.5"} 1',
      'process_start_time_seconds 1758000000.25',
      'process_resident_memory_bytes 52428800',
      'process_cpu_seconds_total 1.5',
      'request_latency_ms{quantile="0.99"} NaN',
    ]),
  )
})

test('counts through its handles', () => {
  const metrics = openMetrics()
  metrics.httpRequests.labels('/webhook', '200').inc()
  metrics.webhookRequests.labels('created').inc()
  metrics.requestLatencyMs.observe(2)
  metrics.webhookConflicts.inc()
  metrics.webhookCommitDuration.observe(0.002)
  metrics.webhookBatchSize.observe(200)
  expect(linesOf(metrics)).toEqual(
    expect.arrayContaining([
      'http_requests_total{path="/webhook",status="200"} 1',
      'webhook_requests_total{result="created"} 1',
      'request_latency_ms{quantile="0.5"} 2',
      'request_latency_ms{quantile="0.9"} 2',
      'request_latency_ms{quantile="0.99"} 2',
      'request_latency_ms_sum 2',
      'request_latency_ms_count 1',
      'webhook_conflicts_total 1',
      'webhook_commit_duration_seconds_bucket{le="0.001"} 0',
      'webhook_commit_duration_seconds_bucket{le="0.0025"} 1',
      'webhook_batch_size_messages_bucket{le="128"} 0',
      'webhook_batch_size_messages_bucket{le="256"} 1',
    ]),
  )
})

test('shares nothing between two sets of metrics', () => {
  const one = openMetrics()
  const other = openMetrics()
  one.webhookConflicts.inc()
  expect(linesOf(other)).toContain('webhook_conflicts_total 0')
})

test('describes every row of the table in the order of the table', () => {
  const described = linesOf(openMetrics()).filter((line) => line.startsWith('# TYPE'))
  expect(described).toEqual(
    Object.values(SERVICE_METRICS).map(({ name, kind }) => `# TYPE ${name} ${kind}`),
  )
})

test('names counters and nothing else _total, and abbreviates no unit but the fixed one', () => {
  for (const { name, kind } of Object.values(SERVICE_METRICS)) {
    expect([name, name.endsWith('_total')]).toEqual([name, kind === 'counter'])
    const abbreviated = /_(ms|us|ns|s|sec|kb|mb)(_|$)/.test(name)
    expect([name, abbreviated]).toEqual([name, name === 'request_latency_ms'])
  }
})
