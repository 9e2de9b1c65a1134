import type { Arrival } from '../message.ts'
import type { Receipt } from '../outcome.ts'
import type { ServiceMetrics } from './service.ts'

/**
 * Observes how long after its `ts` each message came that a commit stored; one that is dated in
 * the future came at once. Throws nothing, as these messages are on disk by now.
 */
export function observeArrivals(
  metrics: ServiceMetrics,
  batch: readonly Arrival[],
  answers: readonly (Receipt | Error)[],
): void {
  for (const [index, { ts, receivedAt }] of batch.entries()) {
    const answer = answers[index]
    if (answer === undefined || answer instanceof Error || answer.result !== 'created') continue
    metrics.webhookArrivalLag.observe(Math.max(0, receivedAt - Date.parse(ts)) / 1000)
  }
}
