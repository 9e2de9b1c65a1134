import type { Io } from './io.ts'

/** How far the work is: messages done, those without a 200, and the part of the input, 0 to 1. */
export type Progress = { done: number; missing: number; fraction: number | undefined }

const DRAW_MILLISECONDS = 100
const PLAIN_LINE_MILLISECONDS = 5000
const BAR_WIDTH = 24
const ERASE_LINE = '\r\u001b[K'

/** What is shown at one moment: the part that is done, 0 to 1, for a bar, and words. */
type Line = { fraction: number | undefined; text: string }

/**
 * Shows a line on stderr until the returned function is called: with a bar and drawn over itself
 * on a terminal, elsewhere anew every five seconds. At the end it stays on the terminal, or is
 * erased. The bar is our own because cli-progress would bring six packages, itself included, for
 * what is twenty lines here.
 */
export function showLine(
  io: Io,
  read: (seconds: number) => Line,
): (end?: 'stays' | 'erased') => void {
  const start = io.monotonic()
  const seconds = () => Math.max(0.001, (io.monotonic() - start) / 1000)
  if (!io.isTerminal) {
    return io.every(PLAIN_LINE_MILLISECONDS, () => io.stderr(`${read(seconds()).text}\n`))
  }
  const draw = () => {
    const { fraction, text } = read(seconds())
    io.stderr(ERASE_LINE + `${bar(fraction)}${text}`.slice(0, io.columns - 1))
  }
  const stop = io.every(DRAW_MILLISECONDS, draw)
  return (end = 'stays') => {
    stop()
    if (end === 'erased') return io.stderr(ERASE_LINE)
    draw()
    io.stderr('\n')
  }
}

/** Shows how the sending goes, until the returned function is called. */
export function showProgress(io: Io, read: () => Progress): () => void {
  return showLine(io, (seconds) => {
    const progress = read()
    return { fraction: progress.fraction, text: describe(progress, seconds) }
  })
}

function bar(fraction: number | undefined): string {
  if (fraction === undefined) return ''
  const filled = Math.round(fraction * BAR_WIDTH)
  return `[${'#'.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)}] `
}

function describe({ done, missing, fraction }: Progress, seconds: number): string {
  const parts = [`${grouped(done)} sent`, `${grouped(done / seconds)}/s`]
  if (missing > 0) parts.push(`${grouped(missing)} without a 200`)
  return [...parts, ...describeRest(fraction, seconds)].join(', ')
}

/** How much is done and how long the rest takes, in words; none while nothing is known of it. */
export function describeRest(fraction: number | undefined, seconds: number): string[] {
  if (fraction === undefined || fraction === 0) return []
  const left = (seconds * (1 - fraction)) / fraction
  return [`${Math.floor(fraction * 100)} %`, `${clock(left)} left`]
}

function grouped(count: number): string {
  return Math.round(count).toLocaleString('en-US')
}

function clock(seconds: number): string {
  const whole = Math.ceil(seconds)
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}
