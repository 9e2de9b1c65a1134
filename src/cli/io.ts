/** The signals a command may listen to. Without a listener each ends the process at once. */
export type StopSignal = 'SIGINT' | 'SIGTERM'

/**
 * Everything a command may take from the outside: streams, environment, clock, network, chance.
 * It is made once, in `main.ts`; tests make their own, so no command reads a global.
 */
export type Io = {
  /** Writes text as it stands to standard output; a command ends its own lines. */
  stdout: (text: string) => void
  /** The same for standard error, where problems and progress go. */
  stderr: (text: string) => void
  /** Opens standard input; called at most once, and only by the command that reads it. */
  stdin: () => ReadableStream<Uint8Array>
  env: Readonly<Record<string, string | undefined>>
  /** Whether standard error is a terminal, where a line may be drawn over. */
  isTerminal: boolean
  /** Width of that terminal in characters. */
  columns: number
  /** Milliseconds since 1970. */
  now: () => number
  /** Milliseconds on a clock that only goes forward. */
  monotonic: () => number
  /** What this process has used, for its metrics. */
  usage: {
    cpuSeconds: () => number
    residentBytes: () => number
    /** Open file descriptors, NaN where the system does not tell. */
    openFiles: () => number
    /** When it started, in seconds since 1970. */
    startedAt: number
  }
  /** Resolves after so many milliseconds, or at once when the signal aborts; never rejects. */
  sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>
  /** Calls `tick` at that interval until the returned function is called. */
  every: (milliseconds: number, tick: () => void) => () => void
  /** From 0 inclusive to 1 exclusive; for jitter, never for secrets. */
  random: () => number
  uuid: () => string
  fetch: (url: string, init: RequestInit) => Promise<Response>
  /** Hears each SIGINT and SIGTERM from now on; the returned function stops that. */
  onSignal: (listener: (signal: StopSignal) => void) => () => void
  /** Hears each SIGHUP from now on, which would otherwise end the process. */
  onHangup: (listener: () => void) => void
}
