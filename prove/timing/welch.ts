import { quantile } from '../../bench/quantile.ts'

/**
 * Parts of all samples that are kept, as the slow ones tell of other work of the machine: a leak
 * must show in one of these views (dudect, Reparaz et al. 2017, crops in the same way).
 */
const KEPT = [1, 0.95, 0.8, 0.5]

/** How far two lots of samples are apart. */
export interface Difference {
  /** Welch's t: the difference of the means in units of its own standard error. */
  readonly t: number
  /** Mean of the second less mean of the first, in the unit of the samples. */
  readonly mean: number
  /** Half the width of the interval that holds the true difference 95 times in 100. */
  readonly margin: number
}

/** Standard errors on either side that 95 in 100 lie within. */
const NORMAL_95 = 1.96

function momentsOf(samples: readonly number[]) {
  let sum = 0
  for (const sample of samples) sum += sample
  const mean = sum / samples.length
  let squares = 0
  for (const sample of samples) squares += (sample - mean) ** 2
  return { mean, error: squares / (samples.length - 1) / samples.length }
}

/** Compares the means of two lots that may differ in their variance (Welch 1947). */
export function compareMeans(first: readonly number[], second: readonly number[]): Difference {
  const [a, b] = [momentsOf(first), momentsOf(second)]
  const mean = b.mean - a.mean
  const error = Math.sqrt(a.error + b.error)
  return { t: error === 0 ? 0 : mean / error, mean, margin: NORMAL_95 * error }
}

/** The view, from all samples to the fast half, in which two lots are farthest apart. */
export function farthestApart(first: readonly number[], second: readonly number[]): Difference {
  const sorted = Float64Array.from([...first, ...second]).sort()
  const views = KEPT.map((part) => {
    const limit = part === 1 ? Number.POSITIVE_INFINITY : quantile(sorted, part)
    const keep = (samples: readonly number[]) => samples.filter((sample) => sample <= limit)
    return compareMeans(keep(first), keep(second))
  })
  return views.reduce((far, view) => (Math.abs(view.t) > Math.abs(far.t) ? view : far))
}
