import { closeSync, existsSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { type Config, type LogLevel, parseConfig } from '../../src/config.ts'
import { openLog } from '../../src/log.ts'
import { openService, type Service, type World } from '../../src/service.ts'
import { until } from './deadline.ts'
import { openFolder } from './folder.ts'
import { SECRET } from './signer.ts'

/** The two ways a request can reach the service; every HTTP case runs over both. */
export const TRANSPORTS = ['in process', 'socket'] as const

/** How requests reach a service. */
export type Transport = (typeof TRANSPORTS)[number]

/** One line of the log, parsed. */
export type LogLine = Record<string, unknown>

/** A running service of a test's own; `await using` closes it and throws on what it leaks. */
export interface TestService extends AsyncDisposable {
  /** Sends one request to a path, over the service's transport. */
  readonly request: (path: string, init?: RequestInit) => Promise<Response>
  /** The same, and reads the answer's JSON. */
  readonly json: (path: string, init?: RequestInit) => Promise<unknown>
  /** Address of the socket, without a slash at its end; the first use of it starts listening. */
  readonly url: () => string
  /** The log's text so far. */
  readonly logText: () => string
  /** Its lines, parsed; throws for a line that is not a JSON object. */
  readonly logLines: () => LogLine[]
  /** Value of one sample of GET /metrics, named as it stands there; undefined when absent. */
  readonly metric: (sample: string) => Promise<number | undefined>
  /** Stops the service as a signal does, once; requests in process still reach it. */
  readonly stop: () => Promise<boolean>
}

/** Settings by the names of their variables; values as an environment has them. */
export type TestSettings = Readonly<Record<string, string>>

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

const WORLD: World = {
  clock: Date.now,
  now: () => performance.now(),
  newId: () => crypto.randomUUID(),
  sleep,
  cpuSeconds: () => process.cpuUsage().user / 1e6,
  residentBytes: () => process.memoryUsage.rss(),
  openFiles: () => 10,
  every: (milliseconds, tick) => {
    const timer = setInterval(tick, milliseconds)
    return () => clearInterval(timer)
  },
  startedAt: performance.timeOrigin / 1000,
}

/** How many worker threads this process runs; 0 where the system does not tell. */
function workerCount(): number {
  const tasks = '/proc/self/task'
  if (!existsSync(tasks)) return 0
  const nameOf = (id: string) => {
    try {
      return readFileSync(`${tasks}/${id}/comm`, 'utf8').trim()
    } catch {
      // It ended between the two calls.
      return ''
    }
  }
  return readdirSync(tasks).filter((id) => nameOf(id) === 'Worker').length
}

async function metricOf(
  { service, config }: { service: Service; config: Config },
  sample: string,
): Promise<number | undefined> {
  const headers = { Authorization: `Bearer ${config.METRICS_TOKEN ?? 'none'}` }
  const response = await service.handle(new Request('http://localhost/metrics', { headers }))
  const line = (await response.text()).split('\n').find((each) => each.startsWith(`${sample} `))
  return line === undefined ? undefined : Number(line.slice(sample.length + 1))
}

const refuses = (url: string) =>
  fetch(`${url}/health/live`).then(
    () => false,
    () => true,
  )

/** Throws when the stopped service left anything behind: the promise of an orderly stop. */
async function expectNothingLeft(
  stopped: { service: Service; config: Config },
  left: { url: string | undefined; workers: number },
): Promise<void> {
  const { path } = stopped.config.DATABASE_URL
  const depth = await metricOf(stopped, 'webhook_queue_depth_messages')
  if (depth !== 0) throw new Error(`leak: ${depth} messages still wait for their commit`)
  if (left.url !== undefined && !(await refuses(left.url))) throw new Error('leak: still listening')
  for (const suffix of ['-wal', '-shm']) {
    if (existsSync(path + suffix)) throw new Error(`leak: ${path}${suffix} is left`)
  }
  await until('the threads of the store end', () => workerCount() <= left.workers)
}

function parseLine(line: string): LogLine {
  const value: unknown = JSON.parse(line)
  if (typeof value !== 'object' || value === null) throw new Error(`no object: ${line}`)
  return { ...value }
}

/** Opens a log on a file of its own, which `close` removes. */
function openRecording(level: LogLevel) {
  const folder = openFolder()
  const path = folder.file('log')
  const file = openSync(path, 'a')
  const log = openLog(level, file, Date.now)
  return {
    log,
    text: () => {
      log.flush()
      return readFileSync(path, 'utf8')
    },
    close: () => {
      log.flush()
      closeSync(file)
      folder[Symbol.dispose]()
    },
  }
}

function configOf(settings: TestSettings): Config {
  const variables = {
    WEBHOOK_SECRET: SECRET,
    DATABASE_URL: 'sqlite:///:memory:',
    HOST: '127.0.0.1',
    PORT: '0',
    ...settings,
  }
  return parseConfig({ variables, readFile: (path) => readFileSync(path, 'utf8') })
}

/**
 * Opens a service on a database in memory unless DATABASE_URL says otherwise, reached in process
 * or through a real socket on a free port of 127.0.0.1, in a world that may differ from the real
 * one. Throws StartRefused as the service does.
 */
export async function startService(
  settings: TestSettings = {},
  transport: Transport = 'in process',
  worldOf: (real: World) => World = (real) => real,
): Promise<TestService> {
  const config = configOf(settings)
  const workers = workerCount()
  const recording = openRecording(config.LOG_LEVEL)
  const service = await openService(config, recording.log, worldOf(WORLD))
  let url: string | undefined
  const open = () => {
    url ??= service.listen().replace(/\/$/, '')
    return url
  }
  let stopped: Promise<boolean> | undefined
  const stop = () => {
    stopped ??= service.close()
    return stopped
  }
  const request = (path: string, init?: RequestInit) =>
    transport === 'socket'
      ? fetch(`${open()}${path}`, init)
      : service.handle(new Request(`http://localhost${path}`, init))
  return {
    request,
    json: async (path, init) => (await request(path, init)).json(),
    url: open,
    logText: recording.text,
    logLines: () => recording.text().split('\n').slice(0, -1).map(parseLine),
    metric: (sample) => metricOf({ service, config }, sample),
    stop,
    [Symbol.asyncDispose]: async () => {
      if (!(await stop())) throw new Error('leak: the service did not stop in time')
      await expectNothingLeft({ service, config }, { url, workers })
      recording.close()
    },
  }
}
