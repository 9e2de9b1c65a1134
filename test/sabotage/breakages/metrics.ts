import { type Breakage, breakagesOf } from '../breakage.ts'

const OPERATORS: Breakage[] = [
  ...breakagesOf(
    'src/metrics/open_metrics.ts',
    ['test/metrics/open_metrics.test.ts'],
    [
      ['OpenMetrics has no end', "join('')}# EOF", "join('')}#"],
      [
        'a counter of OpenMetrics has no _total',
        "suffix: '_total', counts: true",
        "suffix: '', counts: true",
      ],
      ['a whole bound is no float', 'Number.isInteger(bound)', 'Number.isNaN(bound)'],
      ['a gauge says since when it counts', "counts: kind !== 'gauge'", 'counts: true'],
    ],
  ),
  ...breakagesOf(
    'src/http/metrics.ts',
    ['test/http/open_metrics.test.ts'],
    [
      ['OpenMetrics is for nobody', 'quality > 0 &&', 'quality > 1 &&'],
      ['OpenMetrics is for who refuses it', 'quality > 0 && quality >=', 'quality >='],
      ['any version of OpenMetrics is ours', 'qualityOf(ours,', 'qualityOf(ranges,'],
    ],
  ),
  ...breakagesOf(
    'src/sqlite/stored.ts',
    ['test/http/scrape.test.ts', 'test/sqlite/store.test.ts'],
    [
      ['messages stored are those since the start', '#count = lastSeq', '#count = 0 * lastSeq'],
      ['messages stored are those of the last answer', 'Math.max(this.#count, ', 'Math.max('],
      ['messages of notifications are not counted', '? answer.lastSeq', '? 0'],
    ],
  ),
  ...breakagesOf(
    'src/sqlite/bundles.ts',
    ['test/http/scrape.test.ts', 'test/sqlite/store.test.ts'],
    [
      [
        'only the first message of a notification counts',
        'Math.max(lastSeq, answer.seq)',
        'lastSeq || answer.seq',
      ],
    ],
  ),
  ...breakagesOf(
    'src/sqlite/store.ts',
    ['test/http/scrape.test.ts'],
    [['commits do not count as stored', 'stored.noteCommit(answers)', '']],
  ),
  ...breakagesOf(
    'src/metrics/arrivals.ts',
    ['test/metrics/arrivals.test.ts'],
    [
      ['a duplicate counts as stored', "if (answer.result === 'created') ", ''],
      [
        'a lag may be negative',
        'Math.max(0, receivedAt - Date.parse(ts))',
        '(receivedAt - Date.parse(ts))',
      ],
    ],
  ),
  ...breakagesOf(
    'src/http/meter.ts',
    ['test/http/gauges.test.ts'],
    [['a status is its own class', 'Math.floor(status / 100)', 'status']],
  ),
  ...breakagesOf(
    'src/service.ts',
    ['test/http/gauges.test.ts'],
    [
      ['a late tick is never late', 'Math.max(0, time - expected)', 'Math.max(0, 0 * expected)'],
      [
        'the last commit is told in milliseconds',
        'set(world.clock() / 1000)',
        'set(world.clock())',
      ],
    ],
  ),
  ...breakagesOf(
    'src/metrics/service.ts',
    ['test/http/open_metrics.test.ts'],
    [
      [
        'a metric that is switched off is shown',
        'options.showsLatencyMs ? []',
        'options.clock ? []',
      ],
    ],
  ),
]

const DEPLOYED: Breakage[] = [
  ...breakagesOf(
    'deploy/prometheus/alerts.yml',
    ['test/deploy/rules.test.ts'],
    [
      ['the alert on slow answers waits for two seconds', '> 0.25', '> 2'],
      ['the alert on traffic fires before any came', '[1d])) > 0', '[1d])) >= 0'],
      ['the alert on signatures looks at no share', '> 0.2 *', '> 0 *'],
    ],
  ),
]

/** The registry's metric kinds and their exposition. */
export const METRICS_BREAKAGES: Breakage[] = [
  ...OPERATORS,
  ...DEPLOYED,
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
