import type { Unit } from './bundle.ts'
import type { KeptQuery, StatusQuery } from './listing.ts'
import type { Message, MessageRecord } from './message.ts'
import type { BundleReceipt, Receipt } from './outcome.ts'
import type { Page } from './page.ts'
import type { ListQuery, Stats } from './query.ts'
import type { KeptRecord, KeptStatus } from './records.ts'
import type { VolumeCount, VolumeQuery } from './volume.ts'

/** Why a store cannot serve now, in the words that readiness and answers use. */
export type StoreReason = 'storage full' | 'database not ready'

/**
 * Thrown by a store's verbs for what an operator can mend: a full or read-only disk, an I/O
 * error, a database that is locked or closed. What was being written is not stored.
 */
export class StoreUnavailable extends Error {
  constructor(
    readonly reason: StoreReason,
    cause: unknown,
  ) {
    super(reason, { cause })
    this.name = 'StoreUnavailable'
  }
}

/** Thrown by a question that was stopped before its answer: out of time, or nobody waits for it. */
export class QueryStopped extends Error {
  override readonly name = 'QueryStopped'

  constructor(readonly reason: 'timeout' | 'cancelled' | 'busy') {
    super(reason)
  }
}

/**
 * Keeps messages. These comments are the contract of every engine; `test/store.contract.ts`
 * runs it on each.
 */
export interface Store {
  /**
   * Stores a batch in one transaction and resolves after it is on disk (fsync), with one answer
   * per unit, in order: a receipt, or the error of a message that could not be stored,
   * which never fails its neighbours. A bundle is one unit with one receipt; of it, what cannot be
   * stored as a message is set aside. The first message with an id wins for ever; of several copies
   * in one batch the first is `created`. Rows are numbered by `seq` in commit order.
   * May be called before the last call has resolved: batches are stored in the order of the calls.
   * Throws StoreUnavailable when nothing of the batch was stored.
   */
  append(batch: readonly Unit[]): Promise<readonly (Receipt | BundleReceipt | Error)[]>

  /**
   * One page of the messages that match, by the instant of `ts` and then by the bytes of
   * `message_id`, with the exact total; both from one snapshot, which never shows part of a
   * batch. Throws QueryStopped when that takes longer than the store was opened to allow, when
   * too many questions wait already, or when the signal aborts.
   */
  list(query: ListQuery, signal?: AbortSignal): Promise<Page<Message>>

  /** The message with this id, or undefined. */
  find(messageId: string): Promise<MessageRecord | undefined>

  /**
   * How many messages are stored: those of every append that has resolved, none twice. Kept at
   * hand: it asks no database and never fails.
   */
  stored(): number

  /** Counts over all messages, from one snapshot. */
  stats(): Promise<Stats>

  /**
   * How many messages fall into each bucket of the query's window that is not empty, in order.
   * Throws QueryStopped as `list` does.
   */
  volume(query: VolumeQuery, signal?: AbortSignal): Promise<readonly VolumeCount[]>

  /**
   * At most `limit` messages whose seq is greater, in seq order. Whoever has read up to seq n
   * and asks for what comes after misses nothing.
   */
  readAfter(seq: number, limit: number): Promise<readonly MessageRecord[]>

  /** One page of the statuses that match, by the time of the furthest step and then by id. */
  listStatuses(query: StatusQuery): Promise<Page<KeptStatus>>

  /** The status of the outgoing message with this id, or undefined. */
  findStatus(messageId: string): Promise<KeptStatus | undefined>

  /** One page of what was kept raw, in the order of arrival. */
  listKept(query: KeptQuery): Promise<Page<KeptRecord>>

  /**
   * Resolves when the schema is applied and a write really reached the disk just now. Throws
   * StoreUnavailable with the reason otherwise.
   */
  check(): Promise<void>

  /** Finishes what is under way, leaves the files tidy, and refuses all later calls. */
  close(): Promise<void>
}
