import { EXPOSITION_CONTENT_TYPE, renderExposition } from '../metrics/exposition.ts'
import { OPEN_METRICS_CONTENT_TYPE, renderOpenMetrics } from '../metrics/open_metrics.ts'
import type { Registry } from '../metrics/registry.ts'
import { answerAs } from './answer.ts'

const OPEN_METRICS = /^application\/openmetrics-text(;|$)/
const TEXT = /^text\/plain(;|$)/

/** What the ranges of an Accept header that match think of it, 0 to 1 (RFC 9110, 12.4.2). */
function qualityOf(ranges: readonly string[], type: RegExp): number {
  const weights = ranges
    .filter((range) => type.test(range))
    .map((range) => Number(/;q=([0-9.]+)/.exec(range)?.[1] ?? 1))
  return Math.max(0, ...weights)
}

/** Whether the client asks for OpenMetrics, in our version or any, no less than for plain text. */
function prefersOpenMetrics(accept: string): boolean {
  const ranges = accept.toLowerCase().replaceAll(/[\s"]/g, '').split(',')
  const ours = ranges.filter((range) => !/;version=(?!1\.0\.0(;|$))/.test(range))
  const quality = qualityOf(ours, OPEN_METRICS)
  return quality > 0 && quality >= qualityOf(ranges, TEXT)
}

/**
 * GET /metrics: all metrics, as Prometheus text or, where the client asks for it, OpenMetrics.
 * It waits for nothing: what the store holds is kept at hand.
 */
export function showMetrics(request: Request, registry: Registry): Response {
  return prefersOpenMetrics(request.headers.get('accept') ?? '')
    ? answerAs(OPEN_METRICS_CONTENT_TYPE, renderOpenMetrics(registry))
    : answerAs(EXPOSITION_CONTENT_TYPE, renderExposition(registry))
}
