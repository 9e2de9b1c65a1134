import { createFamily, type Family, type FamilyOptions } from './family.ts'
import type { Sample } from './metric.ts'

/** Counts observations by fixed upper bounds; the bucket up to +Inf is always there. */
export class Histogram {
  readonly #bounds: Float64Array
  readonly #counts: Float64Array
  #sum = 0

  /** Takes bounds that `createHistogram` has checked. */
  constructor(bounds: readonly number[]) {
    this.#bounds = Float64Array.from(bounds)
    this.#counts = new Float64Array(bounds.length + 1)
  }

  /**
   * Counts `value` in the first bucket whose bound is not below it (`le` is inclusive). A value
   * that is not finite is left out: it would spoil the sum for good, and throwing here could
   * turn a delivery that was committed into an error.
   */
  observe(value: number): void {
    if (!Number.isFinite(value)) return
    const bounds = this.#bounds
    let bucket = 0
    // With a dozen bounds a walk beats a binary search.
    while (bucket < bounds.length && value > (bounds[bucket] ?? Infinity)) bucket += 1
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1
    this.#sum += value
  }

  /** The buckets, each with all below it as the data model demands, then the sum and the count. */
  samples(): readonly Sample[] {
    let count = 0
    const buckets = Array.from(this.#counts, (inBucket, index): Sample => {
      count += inBucket
      return {
        suffix: '_bucket',
        bound: ['le', this.#bounds[index] ?? Infinity],
        value: count,
      }
    })
    return [...buckets, { suffix: '_sum', value: this.#sum }, { suffix: '_count', value: count }]
  }
}

/** `bounds` are the buckets' upper bounds in the metric's unit, ascending, without +Inf. */
interface HistogramOptions<Names extends readonly string[]> extends FamilyOptions<Names> {
  readonly bounds: readonly number[]
}

/** Makes a histogram. Throws a RangeError when the bounds are not finite and strictly ascending. */
export function createHistogram<const Names extends readonly string[] = readonly []>(
  options: HistogramOptions<Names>,
): Family<Histogram, Names> {
  const { name, bounds } = options
  const ascending = bounds.every(
    (bound, index) => Number.isFinite(bound) && bound > (bounds[index - 1] ?? -Infinity),
  )
  if (!ascending) throw new RangeError(`${name}: bounds must be finite and strictly ascending`)
  return createFamily('histogram', options, () => new Histogram(bounds))
}
