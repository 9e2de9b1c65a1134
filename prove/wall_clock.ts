import { renameSync, writeFileSync } from 'node:fs'
import type { ServerOptions } from '../bench/server.ts'
import { requireProgram } from './program.ts'

/** Where Debian and others keep libfaketime, for programs with threads. */
const LIBRARIES = [
  '/usr/lib/*/faketime/libfaketimeMT.so.1',
  '/usr/lib*/faketime/libfaketimeMT.so.1',
]

function libraryPath(): string {
  requireProgram('faketime')
  const [path] = LIBRARIES.flatMap((pattern) => [...new Bun.Glob(pattern).scanSync('/')])
  if (path === undefined) throw new Error('faketime is there, but its library is not where it is')
  return path
}

/** The wall clock of a process, which can be set while it runs; its monotonic clock is the real. */
export class WallClock {
  readonly #path: string
  readonly #library = libraryPath()
  /** How far it is off now, in seconds. */
  #offset = 0

  /** The file at this path carries the time to the process. Throws where libfaketime is missing. */
  constructor(path: string) {
    this.#path = path
    this.set(0)
  }

  /** Sets it so many seconds before or after the real time. */
  set(seconds: number): void {
    this.#offset = seconds
    // The process reads the file whenever it looks at the clock, so it is never half-written.
    writeFileSync(`${this.#path}.new`, seconds < 0 ? `${seconds}\n` : `+${seconds}\n`)
    renameSync(`${this.#path}.new`, this.#path)
  }

  /** What it shows, in milliseconds since the Unix epoch. */
  now(): number {
    return Date.now() + this.#offset * 1000
  }

  /** A process that lives by this clock. */
  govern({ command, environment }: ServerOptions): ServerOptions {
    const variables = {
      LD_PRELOAD: this.#library,
      FAKETIME_TIMESTAMP_FILE: this.#path,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    }
    return { command, environment: { ...environment, ...variables } }
  }
}
