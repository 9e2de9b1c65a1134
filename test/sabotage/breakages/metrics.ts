import type { Breakage } from '../breakage.ts'

/** The registry's metric kinds and their exposition. */
export const METRICS_BREAKAGES: Breakage[] = [
  {
    name: 'a counter counts down too',
    file: 'src/metrics/counter.ts',
    find: 'if (!(by >= 0)) throw',
    replace: 'if (Number.isNaN(by)) throw',
    tests: ['test/metrics/counter.test.ts'],
  },
  {
    name: 'a bound of a histogram is exclusive',
    file: 'src/metrics/histogram.ts',
    find: 'value > (bounds[bucket]',
    replace: 'value >= (bounds[bucket]',
    tests: ['test/metrics/histogram.test.ts'],
  },
  {
    name: 'the buckets of a histogram are not cumulative',
    file: 'src/metrics/histogram.ts',
    find: 'count += inBucket',
    replace: 'count = inBucket',
    tests: ['test/metrics/histogram.test.ts'],
  },
  {
    name: 'a quantile is off by one rank',
    file: 'src/metrics/summary.ts',
    find: 'sorted[rank - 1]',
    replace: 'sorted[rank]',
    tests: ['test/metrics/summary.test.ts'],
  },
  {
    name: 'the window of a summary never wraps',
    file: 'src/metrics/summary.ts',
    find: 'this.#next + 1 === this.#window.length ? 0 : this.#next + 1',
    replace: 'this.#next + 1',
    tests: ['test/metrics/summary.test.ts'],
  },
  {
    name: 'a quote in a label value is not escaped',
    file: 'src/metrics/exposition.ts',
    find: `.replaceAll('"', '\\\\"')`,
    replace: '',
    tests: ['test/metrics/exposition.test.ts'],
  },
  {
    name: 'the children of a metric have no bound',
    file: 'src/metrics/family.ts',
    find: 'children.size < childrenMax ? add(labelValues) : overflow()',
    replace: 'children.size < Infinity ? add(labelValues) : overflow()',
    tests: ['test/metrics/family.test.ts'],
  },
]
