/** The spans that a plot may have bars for, with their widths in milliseconds. */
const WIDTHS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const

/** A span of time that one bar stands for. */
export type Bucket = keyof typeof WIDTHS

/** Most bars of a plot: a week of hours with room to spare. */
const BARS_MAX = 200

/** Bars of a plot that nobody has narrowed: a week of hours. */
const BARS = 168

/** What to ask for, by the filters. */
interface Plan {
  readonly bucket: Bucket
  readonly since: string
  readonly until: string
}

/** One bar: its span and how many messages fall into it. */
export interface Bar {
  readonly start: string
  readonly end: string
  readonly count: number
}

const isoOf = (milliseconds: number) => new Date(milliseconds).toISOString().replace('.000Z', 'Z')

/**
 * The narrowest bucket that leaves a plot readable; `now` is in milliseconds since the epoch. A
 * time that is none is left as it is: the service says what is wrong with it.
 */
export function planPlot(since: string, until: string, now: number): Plan {
  const start = new Date(since).getTime()
  const end = until === '' ? Math.max(now, start + WIDTHS.minute) : new Date(until).getTime()
  if (Number.isNaN(start) || Number.isNaN(end)) return { bucket: 'hour', since, until }
  const fits = (bucket: Bucket) => (end - start) / WIDTHS[bucket] <= BARS_MAX
  const bucket = fits('minute') ? 'minute' : fits('hour') ? 'hour' : 'day'
  const first = Math.max(start, end - BARS_MAX * WIDTHS[bucket])
  return { bucket, since: isoOf(first), until: isoOf(end) }
}

/** The bars of a plan: those that the answer leaves out are there, and empty. */
export function barsOf(
  { bucket, since, until }: Plan,
  data: readonly { readonly start: string; readonly count: number }[],
): Bar[] {
  const width = WIDTHS[bucket]
  const counts = new Map(data.map(({ start, count }) => [new Date(start).getTime(), count]))
  const latest = Math.max(...counts.keys())
  const end = until === '' ? latest + width : Math.ceil(new Date(until).getTime() / width) * width
  const first =
    since === '' ? end - BARS * width : Math.floor(new Date(since).getTime() / width) * width
  const bars: Bar[] = []
  for (let start = first; start < end && counts.size > 0; start += width) {
    const count = counts.get(start) ?? 0
    bars.push({ start: isoOf(start), end: isoOf(start + width), count })
  }
  return bars
}
