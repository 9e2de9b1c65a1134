import type { SchemeName, Signer } from '../scheme.ts'
import type { ServiceMetrics } from './service.ts'

/**
 * Makes the function that counts signatures of one route that matched. Each series is there from
 * the start, so that a key that is no longer used shows as one that stands still.
 */
export function countSignatures(
  { webhookSignatures, webhookClockSkew }: ServiceMetrics,
  path: '/webhook' | '/webhook/whatsapp',
  schemes: readonly SchemeName[],
): (signer: Signer, skewSeconds: number | undefined) => void {
  const counters = new Map(
    schemes.map((scheme) => [
      scheme,
      {
        current: webhookSignatures.labels(path, scheme, 'current'),
        previous: webhookSignatures.labels(path, scheme, 'previous'),
      },
    ]),
  )
  const past = webhookClockSkew.labels('past')
  const future = webhookClockSkew.labels('future')
  return ({ scheme, key }, skewSeconds) => {
    counters.get(scheme)?.[key].inc()
    if (skewSeconds !== undefined) (skewSeconds < 0 ? future : past).observe(Math.abs(skewSeconds))
  }
}
