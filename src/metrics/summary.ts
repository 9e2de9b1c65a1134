import { createFamily, type Family, type FamilyOptions } from './family.ts'
import type { Sample } from './metric.ts'

/**
 * How many of the latest observations the quantiles are taken over. At 4,096 some forty of them
 * lie beyond the 0.99 quantile, so that it is a figure and not one unlucky request; they cost
 * 32 KiB a child and a sort of well under a millisecond at each scrape, and nothing in between.
 */
export const OBSERVATIONS_MAX = 4096

/** Keeps a running sum and count, and quantiles over the latest observations. */
export class Summary {
  readonly #quantiles: readonly number[]
  readonly #window: Float64Array
  #count = 0
  #sum = 0
  #next = 0

  /** Takes quantiles and a size of the window that `createSummary` has checked. */
  constructor(quantiles: readonly number[], observationsMax: number) {
    this.#quantiles = quantiles
    this.#window = new Float64Array(observationsMax)
  }

  /**
   * Takes in one observation in the metric's unit: one write into the ring. A value that is not
   * finite is left out, for the reason given at `Histogram.observe`.
   */
  observe(value: number): void {
    if (!Number.isFinite(value)) return
    this.#window[this.#next] = value
    this.#next = this.#next + 1 === this.#window.length ? 0 : this.#next + 1
    this.#sum += value
    this.#count += 1
  }

  /**
   * The quantiles by nearest rank (the smallest observation that at least that share does not
   * exceed), NaN while nothing was observed as Prometheus clients do, then the sum and the count
   * since the start.
   */
  samples(): readonly Sample[] {
    const held = Math.min(this.#count, this.#window.length)
    const sorted = this.#window.slice(0, held).sort()
    const quantiles = this.#quantiles.map((quantile): Sample => {
      const rank = Math.max(1, Math.ceil(quantile * held))
      return { suffix: '', bound: ['quantile', quantile], value: sorted[rank - 1] ?? NaN }
    })
    return [
      ...quantiles,
      { suffix: '_sum', value: this.#sum },
      { suffix: '_count', value: this.#count },
    ]
  }
}

/** `quantiles` are shares from 0 to 1; `observationsMax` is `OBSERVATIONS_MAX` when left out. */
interface SummaryOptions<Names extends readonly string[]> extends FamilyOptions<Names> {
  readonly quantiles: readonly number[]
  readonly observationsMax?: number
}

/** Makes a summary. Throws a RangeError on a quantile outside 0 to 1 or a window without room. */
export function createSummary<const Names extends readonly string[] = readonly []>(
  options: SummaryOptions<Names>,
): Family<Summary, Names> {
  const { name, quantiles, observationsMax = OBSERVATIONS_MAX } = options
  if (!quantiles.every((quantile) => quantile >= 0 && quantile <= 1)) {
    throw new RangeError(`${name}: quantiles must lie between 0 and 1`)
  }
  if (!Number.isSafeInteger(observationsMax) || observationsMax < 1) {
    throw new RangeError(`${name}: observationsMax must be a whole number of at least 1`)
  }
  return createFamily('summary', options, () => new Summary(quantiles, observationsMax))
}
