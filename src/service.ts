import { version } from '../package.json'
import type { Config } from './config.ts'
import { listen, type Server } from './http/server.ts'
import { Committer } from './intake/committer.ts'
import type { Log } from './log.ts'
import { observeArrivals } from './metrics/arrivals.ts'
import { createServiceMetrics, type ServiceMetrics } from './metrics/service.ts'
import { RESULTS } from './outcome.ts'
import { verify } from './signature/verify.ts'
import { makeKey } from './signature/x_signature.ts'
import { sizesOf } from './sqlite/sizes.ts'
import { openSqliteStore } from './sqlite/store.ts'
import type { Store } from './store.ts'

/** Most messages in one transaction: enough to share an fsync, few enough to end in ~50 ms. */
const BATCH_MESSAGES_MAX = 1000

/** How often the event loop is looked at, in milliseconds. */
const LAG_MILLISECONDS = 500

/** What the process lends to the service: clocks and chance. */
export interface World {
  /** Wall-clock time in milliseconds since the Unix epoch. */
  readonly clock: () => number
  /** Monotonic time in milliseconds. */
  readonly now: () => number
  /** Makes a new request id. */
  readonly newId: () => string
  /** Resolves after so many milliseconds, or at once when the signal aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>
  /** Calls `tick` at that interval of milliseconds until the returned function is called. */
  readonly every: (milliseconds: number, tick: () => void) => () => void
  /** CPU seconds used, resident bytes, and start in seconds since the epoch, of the process. */
  readonly cpuSeconds: () => number
  readonly residentBytes: () => number
  /** Open file descriptors, NaN where the system does not tell. */
  readonly openFiles: () => number
  readonly startedAt: number
}

/** A running service. */
export interface Service {
  /** Answers one request without a socket. */
  readonly handle: (request: Request) => Promise<Response>
  /** Listens on the configured address; returns its URL. Throws StartRefused. */
  readonly listen: () => string
  /**
   * Stops in order: not ready, no new connections, all that was accepted committed and answered,
   * store closed. Resolves to whether that was done within SHUTDOWN_SECONDS; if not, the
   * connections that were left have been cut. What was acknowledged is on disk in any case.
   */
  readonly close: () => Promise<boolean>
}

function openMetrics(config: Config, world: World, depth: () => number): ServiceMetrics {
  return createServiceMetrics({
    version,
    runtime: `bun ${Bun.version}`,
    results: RESULTS,
    queueBoundMessages: config.QUEUE_MESSAGES_MAX,
    showsLatencyMs: config.REQUEST_LATENCY_MS,
    clock: world.clock,
    sources: {
      webhookQueueDepth: depth,
      ...sizesOf(config.DATABASE_URL.path),
      processStartTime: () => world.startedAt,
      processResidentMemory: world.residentBytes,
      processCpu: world.cpuSeconds,
      processOpenFds: world.openFiles,
    },
  })
}

function openCommitter(config: Config, world: World, store: Store, metrics: ServiceMetrics) {
  return new Committer({
    append: async (batch) => {
      const answers = await store.append(batch)
      observeArrivals(metrics, batch, answers)
      return answers
    },
    queueMessagesMax: config.QUEUE_MESSAGES_MAX,
    batchMessagesMax: BATCH_MESSAGES_MAX,
    now: world.now,
    endOfTurn: (work) => setImmediate(work),
    onCommit: (messages, seconds) => {
      metrics.webhookBatchSize.observe(messages)
      metrics.webhookCommitDuration.observe(seconds)
    },
  })
}

/** Observes how late each tick is, which is how long the event loop was busy. */
function watchLag(metrics: ServiceMetrics, { every, now }: World): () => void {
  let expected = now() + LAG_MILLISECONDS
  return every(LAG_MILLISECONDS, () => {
    const time = now()
    metrics.eventLoopLag.observe(Math.max(0, time - expected) / 1000)
    expected = time + LAG_MILLISECONDS
  })
}

/** Opens the store, the committer, the metrics and the routes. Throws StartRefused. */
export async function openService(config: Config, log: Log, world: World): Promise<Service> {
  const key = makeKey(config.WEBHOOK_SECRET)
  // The router takes as long to load as the store's threads take to open: they do so together.
  const [store, { openApp }] = await Promise.all([
    openSqliteStore(config.DATABASE_URL.path, {
      queryMilliseconds: config.QUERY_SECONDS * 1000,
      progress: (done, total) => log.write('INFO', { msg: 'counting messages', done, total }),
    }),
    import('./http/app.ts'),
  ])
  const metrics = openMetrics(config, world, () => committer.depth)
  const committer = openCommitter(config, world, store, metrics)
  const stopWatching = watchLag(metrics, world)
  let stopping = false
  let server: Server | undefined
  const handle = openApp({
    ...world,
    intake: { verify: (delivery) => verify(delivery, key), committer },
    store,
    log,
    metrics,
    notes: new WeakMap(),
    bodyBytesMax: config.BODY_BYTES_MAX,
    access: { apiToken: config.API_TOKEN, metricsToken: config.METRICS_TOKEN },
    stopping: () => stopping,
    check: () => store.check(),
  })
  const finish = async () => {
    await server?.drain()
    await committer.drained()
    await store.close()
  }
  return {
    handle,
    listen: () => {
      server = listen(handle, config.HOST, config.PORT)
      return server.url
    },
    close: async () => {
      stopping = true
      stopWatching()
      const orderly = await within(config.SHUTDOWN_SECONDS * 1000, finish(), world)
      if (!orderly) await server?.cut()
      return orderly
    },
  }
}

/** Whether the work is done within so many milliseconds. Throws what the work throws. */
async function within(milliseconds: number, work: Promise<void>, world: World): Promise<boolean> {
  const timer = new AbortController()
  const deadline = world.sleep(milliseconds, timer.signal).then(() => false)
  try {
    return await Promise.race([work.then(() => true), deadline])
  } finally {
    timer.abort()
  }
}
