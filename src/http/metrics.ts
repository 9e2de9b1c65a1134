import { EXPOSITION_CONTENT_TYPE, renderExposition } from '../metrics/exposition.ts'
import { OPEN_METRICS_CONTENT_TYPE, renderOpenMetrics } from '../metrics/open_metrics.ts'
import type { Registry } from '../metrics/registry.ts'
import type { ServiceMetrics } from '../metrics/service.ts'
import type { Store } from '../store.ts'
import { answerAs } from './answer.ts'

/** Longest that a scrape waits for the count of messages, in milliseconds. */
const COUNT_MILLISECONDS = 50

/** The same for the first one, for which the store may have to start a thread. */
const FIRST_COUNT_MILLISECONDS = 2000

/** What a scrape needs. */
export interface ScrapeOptions {
  readonly store: Store
  readonly metrics: ServiceMetrics
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

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
  const ranges = accept.toLowerCase().replaceAll(/\s/g, '').split(',')
  const ours = ranges.filter((range) => !/;version=(?!1\.0\.0(;|$))/.test(range))
  const quality = qualityOf(ours, OPEN_METRICS)
  return quality > 0 && quality >= qualityOf(ranges, TEXT)
}

function showMetrics(request: Request, registry: Registry): Response {
  return prefersOpenMetrics(request.headers.get('accept') ?? '')
    ? answerAs(OPEN_METRICS_CONTENT_TYPE, renderOpenMetrics(registry))
    : answerAs(EXPOSITION_CONTENT_TYPE, renderExposition(registry))
}

/**
 * GET /metrics: all metrics, as Prometheus text or, where the client asks for it, OpenMetrics. The
 * store is asked how much it holds; where it is busy, what it held last is shown, NaN before.
 */
export function openScrape({ store, metrics, sleep }: ScrapeOptions) {
  let counting: Promise<void> | undefined
  let patience = FIRST_COUNT_MILLISECONDS
  const count = async () => {
    try {
      metrics.storedMessages.set((await store.stats()).total_messages)
    } catch {
      metrics.storedMessages.set(Number.NaN)
    } finally {
      counting = undefined
      patience = COUNT_MILLISECONDS
    }
  }
  return async (request: Request): Promise<Response> => {
    counting ??= count()
    const timer = new AbortController()
    await Promise.race([counting, sleep(patience, timer.signal)])
    timer.abort()
    return showMetrics(request, metrics.registry)
  }
}
