import type { Counter } from '../metrics/counter.ts'
import type { Histogram } from '../metrics/histogram.ts'
import type { ServiceMetrics } from '../metrics/service.ts'

/** Counts one answered request by its route's template and its status. */
type Meter = (template: string, status: number, milliseconds: number) => void

interface Children {
  readonly requests: Counter
  readonly duration: Histogram
}

/**
 * Makes the meter. Templates and statuses are few, so what is counted in is kept by both: a
 * request costs two look-ups and makes no string.
 */
export function openMeter(metrics: ServiceMetrics): Meter {
  const known = new Map<string, Map<number, Children>>()
  const add = (template: string, status: number): Children => {
    const statusClass = `${Math.floor(status / 100)}xx`
    const children = {
      requests: metrics.httpRequests.labels(template, String(status)),
      duration: metrics.httpRequestDuration.labels(template, statusClass),
    }
    const byStatus = known.get(template) ?? new Map<number, Children>()
    known.set(template, byStatus.set(status, children))
    return children
  }
  // A series that appears with its first event hides that event from rate().
  add('/webhook', 200)
  return (template, status, milliseconds) => {
    const { requests, duration } = known.get(template)?.get(status) ?? add(template, status)
    requests.inc()
    duration.observe(milliseconds / 1000)
    metrics.requestLatencyMs.observe(milliseconds)
  }
}
