import { readFileSync } from 'node:fs'
import { type Config, parseConfig } from '../config.ts'
import { type Log, openLog } from '../log.ts'
import { openService, type Service, type World } from '../service.ts'
import { StartRefused } from '../start_refused.ts'
import { warningsOf } from '../warnings.ts'
import type { Io, StopSignal } from './io.ts'

/** How long a log line may stay in the buffer, in milliseconds. */
const FLUSH_MILLISECONDS = 100

/** File descriptor of standard output. */
const STDOUT = 1

/** Exit code of a process that a signal ended: 128 and the signal's number (POSIX shells). */
const SIGNAL_EXIT_CODES: Readonly<Record<StopSignal, number>> = { SIGINT: 130, SIGTERM: 143 }

function worldOf(io: Io): World {
  const { usage, now, monotonic, uuid, sleep, every } = io
  return { ...usage, clock: now, now: monotonic, newId: uuid, sleep, every }
}

/**
 * The exit code, resolved at the first signal in order and at the second at once. Before there is
 * a service the first is enough: it may wait for a lock, and nothing is acknowledged yet.
 */
function listenForEnd(log: Log, io: Io) {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  let service: Service | undefined
  let stopping = false
  io.onSignal((signal) => {
    if (stopping) return resolve(SIGNAL_EXIT_CODES[signal])
    stopping = true
    log.write('INFO', { msg: 'stopping', signal })
    if (service === undefined) return resolve(0)
    service.close().then((orderly) => {
      if (orderly) log.write('INFO', { msg: 'stopped' })
      else log.write('ERROR', { msg: 'not stopped in time' })
      resolve(orderly ? 0 : 1)
    }, reject)
  })
  return {
    exitCode: promise,
    serve: (opened: Service) => {
      service = opened
    },
  }
}

const readConfig = (io: Io) =>
  parseConfig({ variables: io.env, readFile: (path) => readFileSync(path, 'utf8') })

function warn(config: Config, log: Log): void {
  for (const msg of warningsOf(config)) log.write('WARNING', { msg })
}

/**
 * Reads the settings again at SIGHUP, or as soon as there is a service. Where they are refused,
 * those of before stay.
 */
function reloadOnHangup(log: Log, io: Io) {
  let service: Service | undefined
  let missed = false
  const reload = () => {
    missed = service === undefined
    if (service === undefined) return
    try {
      const config = readConfig(io)
      service.reload(config)
      log.write('INFO', { msg: 'secrets read again' })
      warn(config, log)
    } catch (error) {
      if (!(error instanceof StartRefused)) throw error
      const problems = error.message.split('\n')
      log.write('ERROR', { msg: 'settings refused: the old ones stay', problems })
    }
  }
  io.onHangup(reload)
  return {
    serve: (opened: Service) => {
      service = opened
      if (missed) reload()
    },
  }
}

/**
 * `ackbox serve`: opens the service, listens, and stays until a signal. Exit code 0 after an
 * orderly stop, 1 when it could not start (one line a problem on stderr) or not stop in time.
 */
export async function serve(io: Io): Promise<number> {
  try {
    const config = readConfig(io)
    const log = openLog(config.LOG_LEVEL, STDOUT, io.now)
    const stopFlushing = io.every(FLUSH_MILLISECONDS, log.flush)
    try {
      const end = listenForEnd(log, io)
      const hangup = reloadOnHangup(log, io)
      const service = await Promise.race([openService(config, log, worldOf(io)), end.exitCode])
      if (typeof service === 'number') return service
      end.serve(service)
      hangup.serve(service)
      log.write('INFO', { msg: 'listening', url: service.listen() })
      warn(config, log)
      return await end.exitCode
    } finally {
      stopFlushing()
      log.flush()
    }
  } catch (error) {
    if (!(error instanceof StartRefused)) throw error
    for (const line of error.message.split('\n')) io.stderr(`ackbox: ${line}\n`)
    return 1
  }
}
