import type { Arrival } from '../../src/message.ts'
import type { Receipt } from '../../src/outcome.ts'

/** One batch that was handed on and waits for the test to answer it. */
export interface Batch {
  readonly ids: readonly string[]
  /** Answers with a receipt for each row, or with these answers. */
  answer(answers?: readonly (Receipt | Error)[]): void
  fail(error: unknown): void
}

/** A receipt for an id. */
export function receipt(messageId: string): Receipt {
  return { result: 'created', messageId, seq: Number(messageId.slice(1)), conflict: false }
}

/** A store's `append` whose every answer the test gives. */
export function holdAppends() {
  const batches: Batch[] = []
  const append = (batch: readonly Arrival[]): Promise<readonly (Receipt | Error)[]> => {
    const { promise, resolve, reject } = Promise.withResolvers<readonly (Receipt | Error)[]>()
    const ids = batch.map(({ message_id }) => message_id)
    batches.push({
      ids,
      answer: (answers = ids.map(receipt)) => resolve(answers),
      fail: reject,
    })
    return promise
  }
  const batch = (index: number): Batch => {
    const found = batches[index]
    if (found === undefined) throw new Error(`only ${batches.length} batches were handed on`)
    return found
  }
  return { append, batch, ids: () => batches.map(({ ids }) => ids) }
}
