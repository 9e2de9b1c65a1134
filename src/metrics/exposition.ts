import type { Metric, Sample } from './metric.ts'
import type { Registry } from './registry.ts'

/** The media type of the Prometheus text exposition format, version 0.0.4. */
export const EXPOSITION_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/**
 * Renders every metric of a registry as Prometheus text 0.0.4: a HELP and a TYPE line, then one
 * line for each sample; the last line ends in a newline too, as the format demands. Throws what
 * a collected metric's function throws.
 */
export function renderExposition(registry: Registry): string {
  return registry.metrics().map(renderMetric).join('')
}

function renderMetric(metric: Metric): string {
  const { kind, name, help, labelNames } = metric
  let text = `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${kind}\n`
  for (const { labelValues, samples } of metric.series()) {
    const labels = renderLabels(labelNames, labelValues)
    for (const sample of samples) text += renderSample(name, labels, sample)
  }
  return text
}

function renderSample(name: string, labels: string, { suffix, bound, value }: Sample): string {
  const braces = renderBraces(labels, bound && `${bound[0]}="${formatNumber(bound[1])}"`)
  return `${name}${suffix}${braces} ${formatNumber(value)}\n`
}

/** The labels of one series as both text formats write them, for all samples of it. */
export function renderLabels(names: readonly string[], values: readonly string[]): string {
  return names.map((name, index) => `${name}="${escapeLabelValue(values[index] ?? '')}"`).join(',')
}

/** What stands in braces behind a name: a series' labels, and a bound, which is a number. */
export function renderBraces(labels: string, bound: string | undefined): string {
  if (bound === undefined) return labels === '' ? '' : `{${labels}}`
  return labels === '' ? `{${bound}}` : `{${labels},${bound}}`
}

// The format escapes a backslash and a line feed in both places, a quote only inside quotes.
function escapeHelp(help: string): string {
  return help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

/** A text as it stands between quotes, in both text formats. */
export function escapeLabelValue(value: string): string {
  return escapeHelp(value).replaceAll('"', '\\"')
}

/**
 * A number as both text formats write it: they are read by Go's ParseFloat, which takes
 * JavaScript's form of all but the infinities.
 */
export function formatNumber(value: number): string {
  if (value === Infinity) return '+Inf'
  return value === -Infinity ? '-Inf' : String(value)
}
