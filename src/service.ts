import { version } from '../package.json'
import type { Config } from './config.ts'
import type { Delivery } from './delivery.ts'
import { BodyBudget } from './http/body_budget.ts'
import { listen, type Server } from './http/server.ts'
import { Committer } from './intake/committer.ts'
import type { Log } from './log.ts'
import { parseMessage } from './message.ts'
import { observeArrivals } from './metrics/arrivals.ts'
import { countItems } from './metrics/items.ts'
import { createServiceMetrics, type ServiceMetrics } from './metrics/service.ts'
import { countSignatures } from './metrics/signatures.ts'
import { RESULTS } from './outcome.ts'
import { Refusals } from './refusals.ts'
import { Verifier } from './signature/verifier.ts'
import { sizesOf } from './sqlite/sizes.ts'
import { openSqliteStore } from './sqlite/store.ts'
import { type Store, StoreUnavailable } from './store.ts'
import { parseNotification } from './whatsapp/notification.ts'

/** Most messages in one transaction: enough to share an fsync, few enough to end in ~50 ms. */
const BATCH_MESSAGES_MAX = 1000

/** Most UTF-16 code units in one transaction: it is one row, and SQLite takes 10^9 bytes. */
const BATCH_LENGTH_MAX = 16_777_216

/** What WhatsApp signs with. */
const WHATSAPP_SCHEMES = ['x-hub-signature-256'] as const

/** How often the event loop is looked at, in milliseconds. */
const LAG_MILLISECONDS = 500

/** How long after the start the router is loaded, unless it is needed before, in milliseconds. */
const ROUTER_MILLISECONDS = 1000

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
  /** Takes the secrets of these settings from the next delivery on; all else stays as it is. */
  readonly reload: (config: Config) => void
  /**
   * Stops in order: not ready, no new connections, all that was accepted committed and answered,
   * store closed. Resolves to whether that was done within SHUTDOWN_SECONDS; if not, the
   * connections that were left have been cut. What was acknowledged is on disk in any case.
   */
  readonly close: () => Promise<boolean>
}

function openMetrics(
  config: Config,
  world: World,
  counts: { webhookQueueDepth: () => number; storedMessages: () => number },
): ServiceMetrics {
  return createServiceMetrics({
    version,
    runtime: `bun ${Bun.version}`,
    results: RESULTS,
    queueBoundMessages: config.QUEUE_MESSAGES_MAX,
    walBoundBytes: config.WAL_BYTES_MAX,
    diskFreeFloorBytes: config.DISK_FREE_BYTES_MIN,
    showsLatencyMs: config.REQUEST_LATENCY_MS,
    clock: world.clock,
    sources: {
      ...counts,
      ...sizesOf(config.DATABASE_URL.path),
      processStartTime: () => world.startedAt,
      processResidentMemory: world.residentBytes,
      processCpu: world.cpuSeconds,
      processOpenFds: world.openFiles,
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
  const count = countItems(metrics)
  return new Committer({
    append: (batch) => store.append(batch),
    queueMessagesMax: config.QUEUE_MESSAGES_MAX,
    batchMessagesMax: BATCH_MESSAGES_MAX,
    batchLengthMax: BATCH_LENGTH_MAX,
    now: world.now,
    endOfTurn: (work) => setImmediate(work),
    onFailure: (messages, error) => {
      const cause = error instanceof StoreUnavailable ? error.cause : error
      log.write('ERROR', { msg: 'commit failed', messages, error: String(cause) })
    },
    onCommit: ({ units, answers, messages, seconds }) => {
      observeArrivals(metrics, units, answers)
      count(answers)
      metrics.webhookBatchSize.observe(messages)
      metrics.webhookCommitDuration.observe(seconds)
      metrics.webhookLastCommit.set(world.clock() / 1000)
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

const secretsOf = (config: Config) => ({
  current: config.WEBHOOK_SECRET,
  previous: config.WEBHOOK_SECRET_PREVIOUS,
})

/** The secrets of the Meta app; undefined where there is no present one. */
function appSecretsOf(config: Config) {
  const { WHATSAPP_APP_SECRET: current, WHATSAPP_APP_SECRET_PREVIOUS: previous } = config
  return current === undefined ? undefined : { current, previous }
}

/** The verifier and the token of WhatsApp, where both of its settings are there. */
function openWhatsApp(config: Config, metrics: ServiceMetrics) {
  const { WHATSAPP_VERIFY_TOKEN: token } = config
  const secrets = appSecretsOf(config)
  if (secrets === undefined || token === undefined) return undefined
  let verifyToken = token
  const verifier = new Verifier(WHATSAPP_SCHEMES, secrets, {
    toleranceSeconds: config.TOLERANCE_SECONDS,
    onMatch: countSignatures(metrics, '/webhook/whatsapp', WHATSAPP_SCHEMES),
  })
  return {
    verify: (delivery: Delivery) => verifier.verify(delivery),
    verifyToken: () => verifyToken,
    reload: (next: Config) => {
      const replaced = appSecretsOf(next)
      if (replaced !== undefined) verifier.replaceSecrets(replaced)
      verifyToken = next.WHATSAPP_VERIFY_TOKEN ?? verifyToken
    },
  }
}

/** What senders are known by, which can be read again while the service runs. */
function openSenders(config: Config, metrics: ServiceMetrics) {
  const verifier = new Verifier(config.SIGNATURE_SCHEMES, secretsOf(config), {
    toleranceSeconds: config.TOLERANCE_SECONDS,
    onMatch: countSignatures(metrics, '/webhook', config.SIGNATURE_SCHEMES),
  })
  const whatsapp = openWhatsApp(config, metrics)
  return {
    verify: (delivery: Delivery) => verifier.verify(delivery),
    whatsapp,
    reload: (next: Config) => {
      verifier.replaceSecrets(secretsOf(next))
      whatsapp?.reload(next)
    },
  }
}

/** The stages behind each route that takes deliveries. */
function openIntakes({ verify, whatsapp }: ReturnType<typeof openSenders>, committer: Committer) {
  return {
    intake: { verify, parse: parseMessage, committer },
    whatsapp: whatsapp && {
      intake: { verify: whatsapp.verify, parse: parseNotification, committer },
      verifyToken: whatsapp.verifyToken,
    },
  }
}

/** What the settings allow: to bodies, to readers, and of what was refused. */
function openBounds(config: Config, { clock }: World) {
  return {
    bodyBytesMax: config.BODY_BYTES_MAX,
    bodyBudget: new BodyBudget(Math.max(BODIES_BYTES, config.BODY_BYTES_MAX)),
    access: { apiToken: config.API_TOKEN, metricsToken: config.METRICS_TOKEN },
    refusals: new Refusals({ clock, keepsBodies: config.REFUSED_BODIES }),
  }
}

/** Opens the store; it may wait for a process that is about to leave the database. */
function openStore(config: Config, log: Log, { now, sleep, every }: World): Promise<Store> {
  const seconds = config.LOCK_WAIT_SECONDS
  const msg = 'waiting for another process to leave the database'
  return openSqliteStore(config.DATABASE_URL.path, {
    queryMilliseconds: config.QUERY_SECONDS * 1000,
    progress: (done, total) => log.write('INFO', { msg: 'counting messages', done, total }),
    lockWait: {
      milliseconds: seconds * 1000,
      onWait: () => log.write('INFO', { msg, seconds }),
      now,
      sleep: (milliseconds) => sleep(milliseconds, new AbortController().signal),
    },
    walBytesMax: config.WAL_BYTES_MAX,
    freeBytesMin: config.DISK_FREE_BYTES_MIN,
    every,
  })
}

/** Opens the store, the committer, the metrics and the routes. Throws StartRefused. */
export async function openService(config: Config, log: Log, world: World): Promise<Service> {
  // The door is loaded while the store's threads open.
  const [store, { openDoor }] = await Promise.all([
    openStore(config, log, world),
    import('./http/door.ts'),
  ])
  const counts = { webhookQueueDepth: () => committer.depth, storedMessages: store.stored }
  const metrics = openMetrics(config, world, counts)
  const committer = openCommitter(config, log, world, store, metrics)
  const senders = openSenders(config, metrics)
  const stopWatching = watchLag(metrics, world)
  const closing = new AbortController()
  let server: Server | undefined
  const door = openDoor({
    ...world,
    ...openIntakes(senders, committer),
    store,
    log,
    metrics,
    notes: new WeakMap(),
    ...openBounds(config, world),
    remoteAddressOf: (request) => server?.remoteAddressOf(request),
    stopping: () => closing.signal.aborted,
    check: () => store.check(),
  })
  const finish = async () => {
    if (server !== undefined) await drainOrCut(server, config.SHUTDOWN_SECONDS, log, world)
    await committer.drained()
    await store.close()
  }
  return {
    handle: door.handle,
    listen: () => {
      server = listen(door.handle, config.HOST, config.PORT)
      void world.sleep(ROUTER_MILLISECONDS, closing.signal).then(door.load)
      return server.url
    },
    reload: senders.reload,
    close: async () => {
      closing.abort()
      stopWatching()
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
