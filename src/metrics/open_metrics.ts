import { escapeLabelValue, formatNumber, renderBraces, renderLabels } from './exposition.ts'
import type { Metric, MetricKind, Sample } from './metric.ts'
import type { Registry } from './registry.ts'

/** The media type of OpenMetrics text, version 1.0.0. */
export const OPEN_METRICS_CONTENT_TYPE =
  'application/openmetrics-text; version=1.0.0; charset=utf-8'

/** How a kind of metric is shown: its type's name, and the suffix that its samples carry. */
interface Shown {
  readonly type: string
  /** Ends the samples' name and is no part of the family's. */
  readonly suffix: '' | '_total' | '_info'
  /** Whether its series say since when they count. */
  readonly counts: boolean
}

function shownAs(kind: MetricKind, name: string): Shown {
  if (kind === 'counter') return { type: kind, suffix: '_total', counts: true }
  // What the text format can only call a gauge of 1 with labels is a type of its own here.
  if (name.endsWith('_info')) return { type: 'info', suffix: '_info', counts: false }
  return { type: kind, suffix: '', counts: kind !== 'gauge' }
}

/**
 * Renders every metric of a registry as OpenMetrics 1.0.0: families named without the suffix of
 * their samples, `_created` beside what counts, bounds as floats, and `# EOF` at the end. Throws
 * what a collected metric's function throws.
 */
export function renderOpenMetrics(registry: Registry): string {
  return `${registry.metrics().map(renderMetric).join('')}# EOF\n`
}

function renderMetric(metric: Metric): string {
  const { kind, help, labelNames } = metric
  const { type, suffix, counts } = shownAs(kind, metric.name)
  const family =
    suffix !== '' && metric.name.endsWith(suffix)
      ? metric.name.slice(0, -suffix.length)
      : metric.name
  let text = `# HELP ${family} ${escapeLabelValue(help)}\n# TYPE ${family} ${type}\n`
  for (const { labelValues, samples, createdAt } of metric.series()) {
    const labels = renderLabels(labelNames, labelValues)
    for (const sample of samples) text += renderSample(family, suffix, labels, sample)
    if (!counts || createdAt === undefined) continue
    text += `${family}_created${renderBraces(labels, undefined)} ${formatNumber(createdAt)}\n`
  }
  return text
}

function renderSample(
  family: string,
  suffix: string,
  labels: string,
  { suffix: part, bound, value }: Sample,
): string {
  const braces = renderBraces(labels, bound && `${bound[0]}="${formatBound(bound[1])}"`)
  return `${family}${part || suffix}${braces} ${formatNumber(value)}\n`
}

// "Canonical numbers": only a bound that is always written as a float is one label everywhere.
const formatBound = (bound: number) =>
  Number.isInteger(bound) ? `${bound}.0` : formatNumber(bound)
