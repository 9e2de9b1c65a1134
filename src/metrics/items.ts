import { type BundleReceipt, ITEM_KINDS, type Receipt } from '../outcome.ts'
import type { ServiceMetrics } from './service.ts'

/** Makes the function that counts the items of bundles that were stored. */
export function countItems({
  webhookItems,
}: ServiceMetrics): (answers: readonly (Receipt | BundleReceipt | Error)[]) => void {
  const counters = ITEM_KINDS.map((kind) => ({ kind, counter: webhookItems.labels(kind) }))
  return (answers) => {
    for (const answer of answers) {
      if (!('items' in answer)) continue
      for (const { kind, counter } of counters) counter.inc(answer.items[kind])
    }
  }
}
