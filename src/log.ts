import { writeSync } from 'node:fs'
import pino from 'pino'
import type { LogLevel } from './config.ts'

/** Characters of log lines that are kept before one write; the flush timer sends fewer. */
const BUFFER_CHARACTERS = 16_384

/** How long to wait before trying a full pipe again, in milliseconds. */
const FULL_PIPE_MILLISECONDS = 1

/** Named values of one log line; keys are the contract's field names. */
type LogFields = Readonly<Record<string, unknown>>

/** Writes one JSON object a line, each with `ts` and `level`, and nothing else. */
export interface Log {
  write(level: LogLevel, fields: LogFields): void
  /** Sends what is buffered; call it on a timer and before the process ends. */
  flush(): void
}

/**
 * Writes all bytes to a file descriptor. A full pipe is waited for, so that no line is lost or
 * cut; a closed one must not stop the service, so what it does not take is dropped.
 */
function writeAll(descriptor: number, bytes: Uint8Array): void {
  let rest = bytes
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest))
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) return
      Bun.sleepSync(FULL_PIPE_MILLISECONDS)
    }
  }
}

/**
 * A destination for pino that saves system calls. pino's own syncs the file at each flush, which
 * costs as much as a commit.
 */
function bufferedLines(descriptor: number) {
  let lines = ''
  const flush = () => {
    const bytes = Buffer.from(lines)
    lines = ''
    writeAll(descriptor, bytes)
  }
  const write = (line: string) => {
    lines += line
    if (lines.length >= BUFFER_CHARACTERS) flush()
  }
  return { write, flush }
}

/** Makes the `ts` of a line; the lines of one millisecond share one text, as most do under load. */
function stampWith(clock: () => number): () => string {
  let latest = Number.NaN
  let stamp = ''
  return () => {
    const time = clock()
    if (time !== latest) stamp = `,"ts":"${new Date(time).toISOString()}"`
    latest = time
    return stamp
  }
}

const METHODS = { DEBUG: 'debug', INFO: 'info', WARNING: 'warn', ERROR: 'error' } as const
const NAMES: Readonly<Record<string, LogLevel>> = {
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
}

/**
 * Opens the log on a file descriptor (1 is stdout). Writes are synchronous and buffered: no line
 * is lost in an orderly end, and few cost a system call. The clock gives milliseconds since the
 * Unix epoch, for `ts`.
 */
export function openLog(level: LogLevel, descriptor: number, clock: () => number): Log {
  const destination = bufferedLines(descriptor)
  const logger = pino(
    {
      level: METHODS[level],
      base: null,
      timestamp: stampWith(clock),
      formatters: { level: (label) => ({ level: NAMES[label] ?? label }) },
    },
    destination,
  )
  return {
    write: (lineLevel, fields) => logger[METHODS[lineLevel]](fields),
    flush: destination.flush,
  }
}
