import type { Io, StopSignal } from './io.ts'

/** Signals closer than this are one: a terminal and a wrapper (npm, timeout) each send theirs. */
const SAME_SIGNAL_MILLISECONDS = 500

/** What the first signal and a later second one ask of a command that can end early. */
export type Interruption = {
  /** Aborts at the first signal: begin nothing new, let what is under way finish. */
  stop: AbortSignal
  /** Resolves at the second signal: wait for nothing more. */
  hurry: Promise<void>
  /** The exit code a signal calls for, 128 and its number; undefined when there was none. */
  exitCode: () => number | undefined
  /** Stops listening; afterwards a signal ends the process as usual. */
  forget: () => void
}

/** Listens for SIGINT and SIGTERM until `forget` is called. */
export function listenForStop(io: Io): Interruption {
  const stop = new AbortController()
  const hurry = Promise.withResolvers<void>()
  let first: { signal: StopSignal; at: number } | undefined
  const forget = io.onSignal((signal) => {
    if (first === undefined) {
      first = { signal, at: io.monotonic() }
      stop.abort()
    } else if (io.monotonic() - first.at >= SAME_SIGNAL_MILLISECONDS) {
      hurry.resolve()
    }
  })
  const exitCode = () => first && (first.signal === 'SIGINT' ? 130 : 143)
  return { stop: stop.signal, hurry: hurry.promise, exitCode, forget }
}
