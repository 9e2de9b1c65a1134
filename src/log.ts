import pino from 'pino'
import type { LogLevel } from './config.ts'

/** Bytes of log lines that are kept before one write; the flush timer sends fewer. */
const BUFFER_BYTES = 8192

/** Named values of one log line; keys are the contract's field names. */
export type LogFields = Readonly<Record<string, unknown>>

/** Writes one JSON object a line, each with `ts` and `level`, and nothing else. */
export interface Log {
  write(level: LogLevel, fields: LogFields): void
  /** Sends what is buffered; call it on a timer and before the process ends. */
  flush(): void
}

const METHODS = { DEBUG: 'debug', INFO: 'info', WARNING: 'warn', ERROR: 'error' } as const
const NAMES: Readonly<Record<string, LogLevel>> = {
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
}

/**
 * Opens the log on a file descriptor (1 is stdout) or a file. Writes are synchronous and
 * buffered: no line is lost in an orderly end, and none costs a system call of its own. A closed
 * pipe must not stop the service, so write errors are dropped.
 */
export function openLog(level: LogLevel, target: number | string): Log {
  const destination = pino.destination({ dest: target, sync: true, minLength: BUFFER_BYTES })
  destination.on('error', () => {})
  const logger = pino(
    {
      level: METHODS[level],
      base: null,
      timestamp: () => `,"ts":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: NAMES[label] ?? label }) },
    },
    destination,
  )
  return {
    write: (lineLevel, fields) => logger[METHODS[lineLevel]](fields),
    flush: () => destination.flushSync(),
  }
}
