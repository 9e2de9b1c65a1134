import type { BundleReceipt, Receipt } from '../outcome.ts'

/** The arrival number of the last message that an answer speaks of; 0 where there is none. */
function lastSeqOf(answer: Receipt | BundleReceipt | Error): number {
  if (answer instanceof Error) return 0
  return 'items' in answer ? answer.lastSeq : answer.seq
}

/**
 * How many messages are stored, known without a question to the database. Rows are numbered from
 * 1 without a gap and never deleted, so it is the highest number that was ever answered.
 */
export class StoredCount {
  #count: number

  /** Takes the number of the last message at the start. */
  constructor(lastSeq: number) {
    this.#count = lastSeq
  }

  /** Messages that are on disk. */
  get count(): number {
    return this.#count
  }

  /** Takes note of a batch that was committed, before its senders have their answers. */
  noteCommit(answers: readonly (Receipt | BundleReceipt | Error)[]): void {
    for (const answer of answers) this.#count = Math.max(this.#count, lastSeqOf(answer))
  }
}
