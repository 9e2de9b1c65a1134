import { readFileSync } from 'node:fs'
import { parseConfig } from '../config.ts'
import { type Log, openLog } from '../log.ts'
import { openService, type Service, type World } from '../service.ts'
import { StartRefused } from '../start_refused.ts'
import type { Io, StopSignal } from './io.ts'

/** How long a log line may stay in the buffer, in milliseconds. */
const FLUSH_MILLISECONDS = 100

/** File descriptor of standard output. */
const STDOUT = 1

/** Exit code of a process that a signal ended: 128 and the signal's number (POSIX shells). */
const SIGNAL_EXIT_CODES: Readonly<Record<StopSignal, number>> = { SIGINT: 130, SIGTERM: 143 }

function worldOf(io: Io): World {
  return { ...io.usage, clock: io.now, now: io.monotonic, newId: io.uuid, sleep: io.sleep }
}

/** Resolves to the exit code: at the first signal in order, at the second at once. */
function untilStopped(service: Service, log: Log, io: Io): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  let stopping = false
  io.onSignal((signal) => {
    if (stopping) return resolve(SIGNAL_EXIT_CODES[signal])
    stopping = true
    log.write('INFO', { msg: 'stopping', signal })
    service.close().then((orderly) => {
      if (orderly) log.write('INFO', { msg: 'stopped' })
      else log.write('ERROR', { msg: 'not stopped in time' })
      resolve(orderly ? 0 : 1)
    }, reject)
  })
  return promise
}

/**
 * `ackbox serve`: opens the service, listens, and stays until a signal. Exit code 0 after an
 * orderly stop, 1 when it could not start (one line a problem on stderr) or not stop in time.
 */
export async function serve(io: Io): Promise<number> {
  try {
    const config = parseConfig({
      variables: io.env,
      readFile: (path) => readFileSync(path, 'utf8'),
    })
    const log = openLog(config.LOG_LEVEL, STDOUT, io.now)
    const stopFlushing = io.every(FLUSH_MILLISECONDS, log.flush)
    try {
      const service = await openService(config, log, worldOf(io))
      const stopped = untilStopped(service, log, io)
      log.write('INFO', { msg: 'listening', url: service.listen() })
      return await stopped
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
