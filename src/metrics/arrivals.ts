import { isBundle, type Unit } from '../bundle.ts'
import type { Arrival } from '../message.ts'
import type { BundleReceipt, Receipt } from '../outcome.ts'
import type { ServiceMetrics } from './service.ts'

/**
 * Observes how long after its `ts` each message came that a commit stored; one that is dated in
 * the future came at once. Throws nothing, as these messages are answered by now.
 */
export function observeArrivals(
  metrics: ServiceMetrics,
  batch: readonly Unit[],
  answers: readonly (Receipt | BundleReceipt | Error)[],
): void {
  const observe = ({ ts, receivedAt }: Arrival) =>
    metrics.webhookArrivalLag.observe(Math.max(0, receivedAt - Date.parse(ts)) / 1000)
  for (const [index, unit] of batch.entries()) {
    const answer = answers[index]
    if (answer === undefined || answer instanceof Error) continue
    if (!isBundle(unit)) {
      if (answer.result === 'created') observe(unit)
    } else if ('isNew' in answer) {
      unit.messages.filter((_, n) => answer.isNew[n]).forEach(observe)
    }
  }
}
