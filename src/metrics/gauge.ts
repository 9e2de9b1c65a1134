import { createFamily, type Family, type FamilyOptions } from './family.ts'
import { type CollectedOptions, collectMetric, type Metric, type Sample } from './metric.ts'

/** A number that goes up and down, 0 until it is set. */
export class Gauge {
  #value = 0

  /** Replaces the value; any number, the infinities and NaN included. */
  set(value: number): void {
    this.#value = value
  }

  /** Adds `by`, 1 by default. */
  inc(by = 1): void {
    this.#value += by
  }

  /** Takes `by` away, 1 by default. */
  dec(by = 1): void {
    this.#value -= by
  }

  /** The present value as one sample. */
  samples(): readonly Sample[] {
    return [{ suffix: '', value: this.#value }]
  }
}

/** Makes a gauge that the code sets. */
export function createGauge<const Names extends readonly string[] = readonly []>(
  options: FamilyOptions<Names>,
): Family<Gauge, Names> {
  return createFamily('gauge', options, () => new Gauge())
}

/** Makes a gauge whose value is computed when it is scraped, so that it can never be stale. */
export function collectGauge(options: CollectedOptions): Metric {
  return collectMetric('gauge', options)
}
