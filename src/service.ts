import { version } from '../package.json'
import type { Config } from './config.ts'
import { BodyBudget } from './http/body_budget.ts'
import { listen, type Server } from './http/server.ts'
import { Committer } from './intake/committer.ts'
import type { Log } from './log.ts'
import { createServiceMetrics, type ServiceMetrics } from './metrics/service.ts'
import { RESULTS } from './outcome.ts'
import { verify } from './signature/verify.ts'
import { makeKey } from './signature/x_signature.ts'
import { openSqliteStore } from './sqlite/store.ts'
import { type Store, StoreUnavailable } from './store.ts'

/** Most messages in one transaction: enough to share an fsync, few enough to end in ~50 ms. */
const BATCH_MESSAGES_MAX = 1000

/** The part of SHUTDOWN_SECONDS that senders have to end; the rest is for commits and the WAL. */
const DRAINING_PART = 0.7

/** Memory for the large bodies that are being read at a time; one of the largest always fits. */
const BODIES_BYTES = 67_108_864

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
  /** CPU seconds used, resident bytes, and start in seconds since the epoch, of the process. */
  readonly cpuSeconds: () => number
  readonly residentBytes: () => number
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
    sources: {
      webhookQueueDepth: depth,
      processStartTime: () => world.startedAt,
      processResidentMemory: world.residentBytes,
      processCpu: world.cpuSeconds,
    },
  })
}

function openCommitter(
  config: Config,
  log: Log,
  world: World,
  store: Store,
  metrics: ServiceMetrics,
) {
  return new Committer({
    append: (batch) => store.append(batch),
    queueMessagesMax: config.QUEUE_MESSAGES_MAX,
    batchMessagesMax: BATCH_MESSAGES_MAX,
    now: world.now,
    endOfTurn: (work) => setImmediate(work),
    onFailure: (messages, error) => {
      const cause = error instanceof StoreUnavailable ? error.cause : error
      log.write('ERROR', { msg: 'commit failed', messages, error: String(cause) })
    },
    onCommit: (messages, seconds) => {
      metrics.webhookBatchSize.observe(messages)
      metrics.webhookCommitDuration.observe(seconds)
    },
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
  const committer = openCommitter(config, log, world, store, metrics)
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
    bodyBudget: new BodyBudget(Math.max(BODIES_BYTES, config.BODY_BYTES_MAX)),
    stopping: () => stopping,
    check: () => store.check(),
  })
  const finish = async () => {
    if (server !== undefined) await drainOrCut(server, config.SHUTDOWN_SECONDS, log, world)
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
      const orderly = await within(config.SHUTDOWN_SECONDS * 1000, finish(), world)
      if (!orderly) await server?.cut()
      return orderly
    },
  }
}

/**
 * Ends all connections: those that are answered in time in order. What still sends its request,
 * or waits for a long search, is cut while there is time left to close the store.
 */
async function drainOrCut(server: Server, stopSeconds: number, log: Log, world: World) {
  const milliseconds = stopSeconds * 1000 * DRAINING_PART
  if (await within(milliseconds, server.drain(), world)) return
  log.write('WARNING', { msg: 'cut the connections that were still open' })
  await server.cut()
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
