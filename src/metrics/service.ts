import { createRegistry, type Registry } from './registry.ts'
import { createMetrics, type Handles, type MetricTable, type Sources } from './table.ts'

/**
 * Every metric of this service, in the order of the exposition. A new metric is a new row; a row
 * marked `collected` also asks for its function in `sources`, and does not compile without it.
 * Names follow the Prometheus naming rules, unit last, but for `request_latency_ms`, which
 * the contract fixes.
 */
export const SERVICE_METRICS = {
  httpRequests: {
    name: 'http_requests_total',
    help: 'HTTP requests answered, by route template and status code.',
    kind: 'counter',
    labels: ['path', 'status'],
  },
  httpRequestDuration: {
    name: 'http_request_duration_seconds',
    help: 'Time from request to answer, by route template and class of status.',
    kind: 'histogram',
    labels: ['path', 'status_class'],
    // With Meta's bounds for a webhook receiver: 0.25 for most deliveries, 1 for nearly all.
    bounds: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  },
  webhookRequests: {
    name: 'webhook_requests_total',
    help: 'Deliveries to the webhook, by what became of them.',
    kind: 'counter',
    labels: ['result'],
  },
  requestLatencyMs: {
    name: 'request_latency_ms',
    help: 'Time from request to answer in milliseconds; quantiles over the latest requests.',
    kind: 'summary',
    labels: [],
    quantiles: [0.5, 0.9, 0.99],
  },
  webhookConflicts: {
    name: 'webhook_conflicts_total',
    help: 'Duplicates whose content differs from the message stored under the same id.',
    kind: 'counter',
    labels: [],
  },
  webhookItems: {
    name: 'webhook_items_total',
    help: 'Items of WhatsApp notifications, by what became of them.',
    kind: 'counter',
    labels: ['kind'],
  },
  webhookSignatures: {
    name: 'webhook_signatures_total',
    help: 'Signatures that matched, by route, scheme and the secret that made them.',
    kind: 'counter',
    labels: ['path', 'scheme', 'key'],
  },
  webhookClockSkew: {
    name: 'webhook_clock_skew_seconds',
    help: 'How far the time in a signature that matched lay from ours, in the past or the future.',
    kind: 'histogram',
    labels: ['direction'],
    bounds: [0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600],
  },
  webhookQueueDepth: {
    name: 'webhook_queue_depth_messages',
    help: 'Messages that wait for their commit or are being committed.',
    kind: 'gauge',
    labels: [],
    collected: true,
  },
  webhookQueueBound: {
    name: 'webhook_queue_bound_messages',
    help: 'Messages that may wait or be committed before deliveries are refused.',
    kind: 'gauge',
    labels: [],
  },
  webhookCommitDuration: {
    name: 'webhook_commit_duration_seconds',
    help: 'Time of one group commit, its fsync included.',
    kind: 'histogram',
    labels: [],
    bounds: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  },
  webhookLastCommit: {
    name: 'webhook_last_commit_timestamp_seconds',
    help: 'When the last group commit ended, in seconds since the Unix epoch; 0 before the first.',
    kind: 'gauge',
    labels: [],
  },
  webhookBatchSize: {
    name: 'webhook_batch_size_messages',
    help: 'Messages in one group commit.',
    kind: 'histogram',
    labels: [],
    bounds: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024],
  },
  webhookArrivalLag: {
    name: 'webhook_arrival_lag_seconds',
    help: 'Time from the ts of a message to its receipt, for each message stored.',
    kind: 'histogram',
    labels: [],
    bounds: [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 21_600, 86_400],
  },
  storedMessages: {
    name: 'ackbox_stored_messages',
    help: 'Messages in the store.',
    kind: 'gauge',
    labels: [],
    collected: true,
  },
  databaseBytes: {
    name: 'ackbox_database_bytes',
    help: 'Size of the database file.',
    kind: 'gauge',
    labels: [],
    collected: true,
  },
  arrivalsBytes: {
    name: 'ackbox_arrivals_bytes',
    help: 'Size of the latest messages, which are not yet in the database, their log included.',
    kind: 'gauge',
    labels: [],
    collected: true,
  },
  walBytes: {
    name: 'ackbox_wal_bytes',
    help: 'Size of the write-ahead log.',
    kind: 'gauge',
    labels: [],
    collected: true,
  },
  walBound: {
    name: 'ackbox_wal_bound_bytes',
    help: 'Size from which the write-ahead log waits for its readers: WAL_BYTES_MAX.',
    kind: 'gauge',
    labels: [],
  },
  searchBytes: {
    name: 'ackbox_search_bytes',
    help: 'Size of the search index, its write-ahead log included.',
    kind: 'gauge',
    labels: [],
    collected: true,
  },
  diskFreeBytes: {
    name: 'ackbox_disk_free_bytes',
    help: 'Free space of the file system that holds the database.',
    kind: 'gauge',
    labels: [],
    collected: true,
  },
  diskFreeFloor: {
    name: 'ackbox_disk_free_floor_bytes',
    help: 'Free space below which deliveries are refused: DISK_FREE_BYTES_MIN.',
    kind: 'gauge',
    labels: [],
  },
  eventLoopLag: {
    name: 'ackbox_event_loop_lag_seconds',
    help: 'How late a timer was that should fire each half second.',
    kind: 'histogram',
    labels: [],
    bounds: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
  },
  buildInfo: {
    name: 'ackbox_build_info',
    help: 'Always 1; the labels say which version runs on which runtime.',
    kind: 'gauge',
    labels: ['version', 'runtime'],
  },
  processStartTime: {
    name: 'process_start_time_seconds',
    help: 'Start of the process in seconds since the Unix epoch.',
    kind: 'gauge',
    labels: [],
    collected: true,
  },
  processResidentMemory: {
    name: 'process_resident_memory_bytes',
    help: 'Resident memory of the process in bytes.',
    kind: 'gauge',
    labels: [],
    collected: true,
  },
  processCpu: {
    name: 'process_cpu_seconds_total',
    help: 'CPU time that the process has used, user and system, in seconds.',
    kind: 'counter',
    labels: [],
    collected: true,
  },
  processOpenFds: {
    name: 'process_open_fds',
    help: 'Open file descriptors of the process, NaN where the system does not tell.',
    kind: 'gauge',
    labels: [],
    collected: true,
  },
} as const satisfies MetricTable

/** The registry to render, and a handle for each row that code counts in. */
export type ServiceMetrics = Handles<typeof SERVICE_METRICS> & { readonly registry: Registry }

/** What the wiring knows and this folder does not read for itself. */
interface ServiceMetricsOptions {
  readonly version: string
  /** Name and version of the runtime, `bun 1.4.5` say. */
  readonly runtime: string
  /** Every outcome a delivery can have; each is present at 0 from the start. */
  readonly results: readonly string[]
  readonly queueBoundMessages: number
  readonly walBoundBytes: number
  readonly diskFreeFloorBytes: number
  /** Whether the contract's `request_latency_ms` is shown, whose name no linter takes. */
  readonly showsLatencyMs: boolean
  /** Wall-clock time in milliseconds since the Unix epoch. */
  readonly clock: () => number
  readonly sources: Sources<typeof SERVICE_METRICS>
}

/** Makes a fresh registry with all of `SERVICE_METRICS`, and sets what is known from the start. */
export function createServiceMetrics(options: ServiceMetricsOptions): ServiceMetrics {
  const registry = createRegistry()
  const handles = createMetrics(registry, SERVICE_METRICS, options.sources, {
    clock: () => options.clock() / 1000,
    hidden: options.showsLatencyMs ? [] : [SERVICE_METRICS.requestLatencyMs.name],
  })
  for (const result of options.results) handles.webhookRequests.labels(result)
  handles.webhookQueueBound.set(options.queueBoundMessages)
  handles.walBound.set(options.walBoundBytes)
  handles.diskFreeFloor.set(options.diskFreeFloorBytes)
  handles.buildInfo.labels(options.version, options.runtime).set(1)
  return { registry, ...handles }
}
