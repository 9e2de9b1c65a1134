/** The kinds of metric of the Prometheus data model that this service uses. */
export type MetricKind = 'counter' | 'gauge' | 'histogram' | 'summary'

/**
 * One number of a series at the moment of a scrape. `suffix` is appended to the metric's name;
 * `bound` is the one label whose value is a number: a bucket's upper bound or a quantile.
 */
export interface Sample {
  readonly suffix: '' | '_bucket' | '_sum' | '_count'
  readonly bound?: readonly [name: 'le' | 'quantile', value: number]
  readonly value: number
}

/** The samples of one child, with its label values in the order of the metric's label names. */
interface Series {
  readonly labelValues: readonly string[]
  readonly samples: readonly Sample[]
  /** When the child was made, in seconds since the Unix epoch; absent where nobody noted it. */
  readonly createdAt?: number
}

/** What a registry holds and an exposition renders: a described metric with all its series. */
export interface Metric {
  readonly kind: MetricKind
  /** Without suffix, unit last, as in `webhook_commit_duration_seconds`. */
  readonly name: string
  /** One sentence for people; any text, it is escaped when rendered. */
  readonly help: string
  readonly labelNames: readonly string[]
  /** Reads every series now, in the order in which the children were made. */
  series(): readonly Series[]
}

/** What a child (one counter, one histogram, ...) shows of itself at a scrape. */
export interface Sampled {
  samples(): readonly Sample[]
}

/** A metric whose only value is computed when it is scraped; there is nothing to set. */
export interface CollectedOptions {
  readonly name: string
  readonly help: string
  /** Called once a scrape, in the unit of the metric's name. What it throws fails the scrape. */
  readonly collect: () => number
}

/** Makes the metric behind `collectCounter` and `collectGauge`: no labels, no handle. */
export function collectMetric(kind: 'counter' | 'gauge', options: CollectedOptions): Metric {
  const { name, help, collect } = options
  const series = () => [{ labelValues: [], samples: [{ suffix: '' as const, value: collect() }] }]
  return { kind, name, help, labelNames: [], series }
}
