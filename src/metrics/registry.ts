import type { Metric, MetricKind } from './metric.ts'

/** Holds metrics in the order in which they were registered. */
export interface Registry {
  /**
   * Adds a metric and hands it back. Throws an Error that names the metric when its name or a
   * label name breaks a rule of the Prometheus data model, its help is empty, or one of its
   * series (`x_count` of a histogram `x`, say) would carry the name of another metric's.
   */
  register<M extends Metric>(metric: M): M
  /** All metrics, first registered first. */
  metrics(): readonly Metric[]
}

const SERIES_SUFFIXES: Readonly<Record<MetricKind, readonly string[]>> = {
  counter: [''],
  gauge: [''],
  histogram: ['', '_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
}

// The label a kind writes itself, and which nobody else may use there.
const OWN_LABEL: Readonly<Partial<Record<MetricKind, string>>> = {
  histogram: 'le',
  summary: 'quantile',
}

/** Makes an empty registry; there is no global one. */
export function createRegistry(): Registry {
  const metrics: Metric[] = []
  const taken = new Map<string, string>()

  function register<M extends Metric>(metric: M): M {
    checkNames(metric)
    const seriesNames = SERIES_SUFFIXES[metric.kind].map((suffix) => metric.name + suffix)
    for (const seriesName of seriesNames) {
      const owner = taken.get(seriesName)
      if (owner !== undefined) {
        throw new Error(`metric ${metric.name}: the name ${seriesName} is taken by ${owner}`)
      }
    }
    for (const seriesName of seriesNames) taken.set(seriesName, metric.name)
    metrics.push(metric)
    return metric
  }

  return { register, metrics: () => metrics }
}

// The alphabets are those of the Prometheus data model, "Metric names and labels".
function checkNames({ kind, name, help, labelNames }: Metric): void {
  if (!/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name)) {
    throw new Error(`metric ${JSON.stringify(name)}: not a metric name`)
  }
  if (help.trim() === '') throw new Error(`metric ${name}: the help text is missing`)
  for (const [index, label] of labelNames.entries()) {
    const fault = labelFault(label, kind) ?? (labelNames.indexOf(label) < index ? 'twice' : null)
    if (fault !== null) throw new Error(`metric ${name}: label ${JSON.stringify(label)}: ${fault}`)
  }
}

function labelFault(label: string, kind: MetricKind): string | null {
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label)) return 'not a label name'
  if (label.startsWith('__')) return 'names that start with __ are reserved for Prometheus'
  return label === OWN_LABEL[kind] ? `reserved in a ${kind}` : null
}
