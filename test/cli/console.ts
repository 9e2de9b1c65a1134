import { COMMANDS } from '../../src/cli/commands.ts'
import { dispatch } from '../../src/cli/dispatch.ts'
import type { Io, StopSignal } from '../../src/cli/io.ts'

/** A command line whose outside world is in the test's hands. */
export type Console = {
  io: Io
  out: () => string
  err: () => string
  /** The waits that were asked for, in milliseconds; each ends at once. */
  waits: number[]
  signal: (name: StopSignal) => void
  listeners: () => number
  /** Runs by hand the intervals of so many milliseconds that are under way. */
  tick: (milliseconds: number) => void
  advance: (milliseconds: number) => void
  run: (...argv: string[]) => Promise<number>
}

/** The parts of the outside world that hold nothing a test would look at. */
const PLAIN = {
  stdin: () => new Blob([]).stream(),
  env: {},
  isTerminal: false,
  columns: 80,
  usage: { cpuSeconds: () => 0, residentBytes: () => 0, openFiles: () => 0, startedAt: 0 },
  random: () => 0,
  uuid: () => '00000000-0000-4000-8000-000000000001',
  fetch: (url: string, init: RequestInit) => fetch(url, init),
}

/** Makes one with a clock that stands still at 2024-01-01 and the real network. */
export function openConsole(overrides: Partial<Io> = {}): Console {
  const out: string[] = []
  const err: string[] = []
  const waits: number[] = []
  const listeners = new Set<(name: StopSignal) => void>()
  const intervals = new Map<() => void, number>()
  let time = Date.UTC(2024, 0, 1)
  const io: Io = {
    ...PLAIN,
    stdout: (text) => void out.push(text),
    stderr: (text) => void err.push(text),
    now: () => time,
    monotonic: () => time,
    sleep: async (milliseconds) => void waits.push(milliseconds),
    every: (milliseconds, tick) => {
      intervals.set(tick, milliseconds)
      return () => intervals.delete(tick)
    },
    onSignal: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onHangup: () => {},
    ...overrides,
  }
  return {
    io,
    out: () => out.join(''),
    err: () => err.join(''),
    waits,
    signal: (name) => listeners.forEach((listener) => void listener(name)),
    listeners: () => listeners.size,
    tick: (milliseconds) =>
      intervals.forEach((interval, tick) => void (interval === milliseconds && tick())),
    advance: (milliseconds) => {
      time += milliseconds
    },
    run: (...argv) => dispatch(COMMANDS, argv, io),
  }
}
