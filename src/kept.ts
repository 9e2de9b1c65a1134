/** Why something is kept raw: it is no message and no status, or it could not be read as one. */
export type KeptKind = 'notification' | 'quarantine'

/** Something that is kept as it came, on its way to the store. */
export interface KeptArrival {
  readonly kind: KeptKind
  /** A notification's field; why an item was set aside. */
  readonly label: string
  /** The business account that it belongs to, where that is known. */
  readonly account: string | null
  /** JSON text. */
  readonly raw: string
  /** Milliseconds since the Unix epoch. */
  readonly receivedAt: number
}
