import type { Delivery } from '../delivery.ts'
import type { SchemeName } from '../scheme.ts'
import type { Key } from './hmac.ts'

/** What a scheme may sign beside the body. */
interface Stamp {
  /** Names the delivery; the same for each time that it is sent. */
  readonly id: string
  /** Time of sending, in whole seconds since the Unix epoch. */
  readonly seconds: number
}

/** One way in which senders sign: where the signature stands, and what it is made over. */
export interface Scheme {
  readonly name: SchemeName
  /** The headers that it reads, in lower case; the signature's comes first. */
  readonly headers: readonly [string, ...string[]]
  /** Makes a secret ready. Throws for one that is empty or malformed. */
  readonly makeKey: (secret: string) => Key
  /**
   * The index of the key that signed the delivery, NO_KEY where none of them did or a header is
   * missing or malformed. Every key is tried, and each digest compared in constant time, so that
   * time does not show which one it was. Never throws, whatever stands in the headers.
   */
  readonly verify: (delivery: Delivery, keys: readonly Key[]) => number
  /** When it says it was signed, in seconds; only for schemes that sign a time, after verify. */
  readonly signedAt?: (headers: Headers) => number
  /** The headers that make a delivery of this body; those that the scheme does not need are not. */
  readonly sign: (body: Uint8Array, key: Key, stamp: Stamp) => Record<string, string>
}
