import type { Signer } from './scheme.ts'

/** One HTTP request from a sender, read whole and not yet believed. */
export interface Delivery {
  /** The body exactly as it came over the socket; signatures are made over these bytes. */
  readonly body: Uint8Array
  readonly headers: Headers
  /** Wall-clock time of arrival, in milliseconds since the Unix epoch. */
  readonly receivedAt: number
  /** Who signed it; written by `verify` when it lets the delivery through, for log and metrics. */
  signer?: Signer
}

declare const verified: unique symbol

/**
 * A delivery whose signature matched. The brand has no value: it only lets the compiler refuse
 * to parse what was not verified. `signature/verify.ts` is the one place that may apply it; the
 * tidy test looks for casts elsewhere.
 */
export type Verified = Delivery & { readonly [verified]: true }
