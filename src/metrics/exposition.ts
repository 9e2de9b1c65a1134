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
    const labels = labelNames.map((label, index) => renderLabel(label, labelValues[index] ?? ''))
    for (const sample of samples) text += renderSample(name, labels, sample)
  }
  return text
}

function renderSample(name: string, labels: readonly string[], sample: Sample): string {
  const { suffix, bound, value } = sample
  const all = bound ? [...labels, renderLabel(bound[0], formatNumber(bound[1]))] : labels
  const braces = all.length === 0 ? '' : `{${all.join(',')}}`
  return `${name}${suffix}${braces} ${formatNumber(value)}\n`
}

/** One label as both text formats write it. */
export function renderLabel(name: string, value: string): string {
  return `${name}="${escapeLabelValue(value)}"`
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
