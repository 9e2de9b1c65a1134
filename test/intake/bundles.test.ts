import { describe, expect, test } from 'bun:test'
import type { Bundle, Unit } from '../../src/bundle.ts'
import { Committer } from '../../src/intake/committer.ts'
import type { BundleReceipt, Receipt } from '../../src/outcome.ts'
import { StoreUnavailable } from '../../src/store.ts'
import { arrival } from '../support/messages.ts'

type Answer = Receipt | BundleReceipt

const ITEMS = { message: 0, duplicate: 0, status: 0, notification: 0, quarantine: 0 }

/** A bundle of so many messages, and the receipt that the store gives for it. */
function bundle(size: number): Bundle {
  const messages = Array.from({ length: size }, (_, n) => arrival({ message_id: `b${n}` }))
  return { messages, statuses: [], kept: [] }
}

const receiptOf = (unit: Unit): Answer =>
  'statuses' in unit
    ? { result: 'created', conflict: false, isNew: [], lastSeq: 0, items: ITEMS }
    : { result: 'created', messageId: unit.message_id, seq: 1, conflict: false }

/** A committer over an `append` that answers when the test says so. */
function setUp(changes: { queueMessagesMax?: number; fail?: unknown } = {}) {
  const failures: number[] = []
  const batches: Unit[][] = []
  const commits: number[] = []
  const gates: (() => void)[] = []
  const committer = new Committer({
    append: async (batch) => {
      batches.push([...batch])
      await new Promise<void>((resolve) => gates.push(resolve))
      if (changes.fail !== undefined) throw changes.fail
      return batch.map(receiptOf)
    },
    queueMessagesMax: changes.queueMessagesMax ?? 100,
    batchMessagesMax: 10,
    batchLengthMax: 1_000_000,
    now: () => 0,
    endOfTurn: (work) => setImmediate(work),
    onFailure: (messages) => failures.push(messages),
    onCommit: ({ messages }) => commits.push(messages),
  })
  const release = async () => {
    gates.shift()?.()
    // One turn for the batch to end, and one for the next to be handed on.
    for (let turn = 0; turn < 2; turn += 1) {
      await new Promise<void>((resolve) => setImmediate(resolve))
    }
  }
  const sizes = () =>
    batches.map((batch) => batch.map((unit) => ('statuses' in unit ? unit.messages.length : 1)))
  return { committer, commits, failures, release, sizes }
}

describe('a bundle', () => {
  test('is handed on as one unit, and gets one receipt', async () => {
    const { committer, commits, release, sizes } = setUp()
    const answer = committer.commit(bundle(5))
    expect(sizes()).toEqual([[5]])
    await release()
    expect(await answer).toEqual(receiptOf(bundle(5)))
    expect(commits).toEqual([5])
  })

  test('counts in the queue by its items, and leaves it whole', async () => {
    const { committer, release } = setUp()
    committer.commit(bundle(5))
    committer.commit(arrival())
    expect(committer.depth).toBe(6)
    await release()
    expect(committer.depth).toBe(1)
    await release()
    expect(committer.depth).toBe(0)
  })

  test('shares a commit with what fits beside it, and is never torn apart', async () => {
    const { committer, release, sizes } = setUp()
    for (const size of [1, 6, 4, 1, 25, 3]) committer.commit(bundle(size))
    for (let n = 0; n < 5; n += 1) await release()
    expect(sizes()).toEqual([[1], [6, 4], [1], [25], [3]])
    expect(committer.depth).toBe(0)
  })

  test('of nothing at all is a unit all the same', async () => {
    const { committer, release } = setUp()
    const answer = committer.commit(bundle(0))
    expect(committer.depth).toBe(1)
    await release()
    expect((await answer).result).toBe('created')
    await committer.drained()
  })

  test('larger than the queue is taken while there is room at all', async () => {
    const { committer } = setUp({ queueMessagesMax: 10 })
    committer.commit(bundle(500))
    expect((await committer.commit(arrival())).result).toBe('queue_full')
    expect(await committer.commit(bundle(1))).toMatchObject({ result: 'queue_full' })
  })

  test('is refused as a whole when the commit fails', async () => {
    const fail = new StoreUnavailable('storage full', 'test')
    const { committer, failures, release } = setUp({ fail })
    const answer = committer.commit(bundle(5))
    await release()
    expect(await answer).toMatchObject({ result: 'storage_full', messageId: undefined })
    expect(committer.depth).toBe(0)
    expect(failures).toEqual([5])
  })
})
