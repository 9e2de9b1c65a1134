/** The samples of a scrape, by their names with their labels. */
export type Samples = ReadonlyMap<string, number>

/** Reads Prometheus text: every line that is no comment is a sample. */
export function readSamples(text: string): Samples {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ')
      return [line.slice(0, end), Number(line.slice(end + 1).replace('Inf', 'Infinity'))]
    }),
  )
}

/** Samples of one metric, by the value of one of their labels; equal values are added up. */
export function byLabel(samples: Samples, form: RegExp, label: string): Map<string, number> {
  const sums = new Map<string, number>()
  for (const [name, value] of samples) {
    if (!form.test(name)) continue
    const found = new RegExp(`[{,]${label}="([^"]*)"`).exec(name)?.[1]
    if (found !== undefined) sums.set(found, (sums.get(found) ?? 0) + value)
  }
  return sums
}

/** How much of each there is more than before; all of it where there is no before. */
export function growth(now: Map<string, number>, before?: Map<string, number>) {
  return new Map([...now].map(([name, value]) => [name, value - (before?.get(name) ?? 0)]))
}

/** The quantile that cumulative buckets give, between two bounds in proportion; NaN for none. */
export function quantileOf(quantile: number, buckets: ReadonlyMap<string, number>): number {
  const bounds = [...buckets]
    .map(([bound, count]) => [bound === '+Inf' ? Infinity : Number(bound), count] as const)
    .sort(([a], [b]) => a - b)
  const rank = quantile * (bounds.at(-1)?.[1] ?? 0)
  let [lower, below] = [0, 0]
  for (const [bound, count] of bounds) {
    if (count >= rank && count > 0) {
      if (bound === Infinity) return lower
      return lower + ((bound - lower) * (rank - below)) / Math.max(count - below, 1e-9)
    }
    lower = bound
    below = count
  }
  return Number.NaN
}
