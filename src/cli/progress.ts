import type { Io } from './io.ts'

/** How far the work is: messages done, those without a 200, and the part of the input, 0 to 1. */
export type Progress = { done: number; missing: number; fraction: number | undefined }

const DRAW_MILLISECONDS = 100
const PLAIN_LINE_MILLISECONDS = 5000
const BAR_WIDTH = 24
const ERASE_LINE = '\r\u001b[K'

/**
 * Shows on stderr how the work goes, until the returned function is called: a bar drawn over
 * itself on a terminal, elsewhere a plain line every five seconds. The bar is our own because
 * cli-progress would bring six packages, itself included, for what is twenty lines here.
 */
export function showProgress(io: Io, read: () => Progress): () => void {
  const start = io.monotonic()
  const seconds = () => Math.max(0.001, (io.monotonic() - start) / 1000)
  if (!io.isTerminal) {
    return io.every(PLAIN_LINE_MILLISECONDS, () => io.stderr(`${describe(read(), seconds())}\n`))
  }
  const draw = () => {
    const progress = read()
    const line = `${bar(progress.fraction)}${describe(progress, seconds())}`
    io.stderr(ERASE_LINE + line.slice(0, io.columns - 1))
  }
  const stop = io.every(DRAW_MILLISECONDS, draw)
  return () => {
    stop()
    draw()
    io.stderr('\n')
  }
}

function bar(fraction: number | undefined): string {
  if (fraction === undefined) return ''
  const filled = Math.round(fraction * BAR_WIDTH)
  return `[${'#'.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)}] `
}

function describe({ done, missing, fraction }: Progress, seconds: number): string {
  const parts = [`${grouped(done)} sent`, `${grouped(done / seconds)}/s`]
  if (missing > 0) parts.push(`${grouped(missing)} without a 200`)
  if (fraction !== undefined && fraction > 0) {
    const left = (seconds * (1 - fraction)) / fraction
    parts.push(`${Math.floor(fraction * 100)} %`, `${clock(left)} left`)
  }
  return parts.join(', ')
}

function grouped(count: number): string {
  return Math.round(count).toLocaleString('en-US')
}

function clock(seconds: number): string {
  const whole = Math.ceil(seconds)
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}
