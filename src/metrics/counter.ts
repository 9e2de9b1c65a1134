import { createFamily, type Family, type FamilyOptions } from './family.ts'
import { type CollectedOptions, collectMetric, type Metric, type Sample } from './metric.ts'

/** A number that only grows, from 0 at the start of the process. */
export class Counter {
  #value = 0

  /** Adds `by`, 1 by default. Throws a RangeError when `by` is negative or NaN. */
  inc(by = 1): void {
    if (!(by >= 0)) throw new RangeError(`a counter cannot be increased by ${by}`)
    this.#value += by
  }

  /** The count as one sample. */
  samples(): readonly Sample[] {
    return [{ suffix: '', value: this.#value }]
  }
}

/** Makes a counter; by the Prometheus naming rules its name ends in `_total`. */
export function createCounter<const Names extends readonly string[] = readonly []>(
  options: FamilyOptions<Names>,
): Family<Counter, Names> {
  return createFamily('counter', options, () => new Counter())
}

/** Makes a counter that something else keeps (the kernel, say) and that a scrape reads. */
export function collectCounter(options: CollectedOptions): Metric {
  return collectMetric('counter', options)
}
