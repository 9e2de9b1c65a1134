/** What is known of a message once it is on disk. */
export interface Receipt {
  /** `created` for the first message with its id, `duplicate` for every later one. */
  readonly result: 'created' | 'duplicate'
  readonly messageId: string
  /** Arrival number of the stored message, strictly increasing in commit order, from 1. */
  readonly seq: number
  /** True for a duplicate whose five fields differ from those stored under its id. */
  readonly conflict: boolean
}

/** What is known of a bundle once it is on disk. */
export interface BundleReceipt {
  /** `duplicate` where nothing of it was new. */
  readonly result: 'created' | 'duplicate'
  readonly messageId?: undefined
  /** True where a message of it differs from the one stored under its id. */
  readonly conflict: boolean
  /** Whether each of its messages, in order, was new. */
  readonly isNew: readonly boolean[]
  /** The highest `seq` among its messages, stored now or before; 0 where it has none. */
  readonly lastSeq: number
  /** How many of its items became what. */
  readonly items: Readonly<Record<ItemKind, number>>
}

/** What becomes of the items of a bundle; labels of the metric. */
export const ITEM_KINDS = ['message', 'duplicate', 'status', 'notification', 'quarantine'] as const

type ItemKind = (typeof ITEM_KINDS)[number]

/** One field at fault, in the shape that the answer's `detail` lists. */
export interface Fault {
  readonly type: string
  /** Path to the value: `["body", "from"]` or `["query", "limit"]`. */
  readonly loc: readonly string[]
  /** Says what is wanted. Never repeats the value that was sent. */
  readonly msg: string
}

/** Most faults that one answer lists (the contract's bound). */
export const FAULTS_MAX = 20

/**
 * Every expected refusal of a delivery: its status, its answer's `detail`, and what it means.
 * The key is at once the metric's label and the log's `result`.
 */
export const REJECTIONS = {
  body_too_large: {
    status: 413,
    detail: 'body too large',
    meaning: 'The body is larger than BODY_BYTES_MAX, or 4 MiB of WhatsApp.',
  },
  bodies_full: {
    status: 503,
    detail: 'too many large bodies are being read',
    meaning: 'Bodies of more than 16 KiB fill the memory that is set aside for them.',
  },
  body_too_slow: {
    status: 408,
    detail: 'body too slow',
    meaning: 'A body of more than 16 KiB, or in chunks, was not whole within 30 seconds.',
  },
  invalid_signature: {
    status: 401,
    detail: 'invalid signature',
    meaning: 'No signature in SIGNATURE_SCHEMES is the HMAC of the body under a secret.',
  },
  timestamp_out_of_tolerance: {
    status: 401,
    detail: 'invalid signature',
    meaning: 'The signature is right, but its time lies more than TOLERANCE_SECONDS from ours.',
  },
  validation_error: {
    status: 422,
    detail: 'validation error',
    meaning: 'The body is not UTF-8, not JSON, not an object, or a field breaks a rule.',
  },
  queue_full: {
    status: 503,
    detail: 'too many deliveries are waiting for the disk',
    meaning: 'QUEUE_MESSAGES_MAX messages wait to be committed; nothing of this one was stored.',
  },
  storage_full: {
    status: 503,
    detail: 'storage full',
    meaning: 'The disk, a quota or the database size limit leaves no room for the message.',
  },
  store_unavailable: {
    status: 503,
    detail: 'database not ready',
    meaning: 'The database refused the write (read-only, I/O error, locked, closed).',
  },
} as const

/** The code of a refusal: a key of REJECTIONS. */
export type RejectionCode = keyof typeof REJECTIONS

/** Seconds a sender is asked to wait after a 503: one commit takes milliseconds. */
export const RETRY_AFTER_SECONDS = 1

/** A delivery that was refused for an expected reason. Nothing of it is stored. */
export class Rejection {
  constructor(
    readonly result: RejectionCode,
    /** The fields at fault, for `validation_error`. */
    readonly faults: readonly Fault[] = [],
    /** The message's id, where the body was read far enough to know it. */
    readonly messageId?: string,
  ) {}
}

/** How one delivery ended. Anything else is a defect, and thrown. */
export type Outcome = Receipt | BundleReceipt | Rejection

/** Every value that `result` can take in logs and metrics. */
export const RESULTS: readonly Outcome['result'][] = [
  'created',
  'duplicate',
  ...(Object.keys(REJECTIONS) as RejectionCode[]),
]
