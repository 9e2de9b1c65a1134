import { describe, expect, test } from 'bun:test'
import { type Receipt, Rejection } from '../../src/outcome.ts'
import { StoreUnavailable } from '../../src/store.ts'
import { arrival } from '../support/messages.ts'
import { ids, settled, setUp } from './committer_setup.ts'
import { receipt } from './held_append.ts'

describe('a batch', () => {
  test('is handed on at once for a lone message, before commit even returns', () => {
    const { commit, ids: handedOn } = setUp()
    commit('m1')
    expect(handedOn()).toEqual([['m1']])
  })

  test('takes all that arrived in one turn of the event loop, in order', async () => {
    const { commit, batch, ids: handedOn } = setUp()
    const first = commit('m1')
    const later = ids(2, 6).map(commit)
    expect(handedOn()).toEqual([['m1']])
    await settled()
    expect(handedOn()).toEqual([['m1'], ids(2, 6)])
    batch(0).answer()
    batch(1).answer()
    expect(await first).toEqual(receipt('m1'))
    expect(await Promise.all(later)).toEqual(ids(2, 6).map(receipt))
  })

  test('waits while one is under way and one is ready, and takes all that comes', async () => {
    const { commit, batch, ids: handedOn } = setUp()
    commit('m1')
    commit('m2')
    await settled()
    const third = commit('m3')
    await settled()
    const fourth = commit('m4')
    await settled()
    expect(handedOn()).toEqual([['m1'], ['m2']])
    batch(0).answer()
    await settled()
    expect(handedOn()).toEqual([['m1'], ['m2'], ['m3', 'm4']])
    batch(1).answer()
    batch(2).answer()
    expect(await Promise.all([third, fourth])).toEqual([receipt('m3'), receipt('m4')])
  })

  test('holds no more than its bound, and the rest follows in order', async () => {
    const { commit, batch, ids: handedOn } = setUp({ batchMessagesMax: 3 })
    const all = ids(1, 8).map(commit)
    for (const n of [0, 1, 2, 3]) {
      batch(n).answer()
      await settled()
    }
    expect(handedOn()).toEqual([ids(1, 1), ids(2, 4), ids(5, 7), ids(8, 8)])
    expect(await Promise.all(all)).toEqual(ids(1, 8).map(receipt))
  })

  test('holds no more text than its bound, but one message of any length', async () => {
    const { committer, commit, batch, ids: handedOn } = setUp({ batchLengthMax: 10 })
    const lengths = [4, 4, 4, 25, 4]
    commit('m1')
    for (const [n, length] of lengths.entries()) {
      committer.commit(arrival({ message_id: `m${n + 2}`, text: 'x'.repeat(length) }))
    }
    for (const n of [0, 1, 2, 3]) {
      batch(n).answer()
      await settled()
    }
    expect(handedOn()).toEqual([ids(1, 1), ids(2, 3), ids(4, 4), ids(5, 5), ids(6, 6)])
  })

  test('keeps several copies of one id for the store to tell apart', async () => {
    const { commit, batch, ids: handedOn } = setUp()
    commit('m1')
    const copies = [commit('m2'), commit('m2')]
    batch(0).answer()
    await settled()
    expect(handedOn()[1]).toEqual(['m2', 'm2'])
    const duplicate: Receipt = { ...receipt('m2'), result: 'duplicate' }
    batch(1).answer([receipt('m2'), duplicate])
    expect(await Promise.all(copies)).toEqual([receipt('m2'), duplicate])
  })

  test('is handed on at once again after the committer was idle', async () => {
    const { commit, batch, ids: handedOn } = setUp()
    const first = commit('m1')
    batch(0).answer()
    await first
    await settled()
    commit('m2')
    expect(handedOn()).toEqual([['m1'], ['m2']])
  })

  test('takes a message that is committed in answer to another', async () => {
    const { commit, batch, ids: handedOn } = setUp()
    const second = commit('m1').then(() => commit('m2'))
    batch(0).answer()
    await settled()
    expect(handedOn()).toEqual([['m1'], ['m2']])
    batch(1).answer()
    expect(await second).toEqual(receipt('m2'))
  })

  test('is reported with its size and its seconds once it is committed', async () => {
    const { commit, commits, batch, pass } = setUp()
    const first = commit('m1')
    ids(2, 4).map(commit)
    pass(1500)
    batch(0).answer()
    await first
    await settled()
    pass(250)
    batch(1).answer()
    await settled()
    expect(commits).toEqual([
      [1, 1.5],
      [3, 0.25],
    ])
  })
})

describe('a commit', () => {
  test('is answered only after its batch is', async () => {
    const { commit, batch } = setUp()
    const order: string[] = []
    const first = commit('m1').then(() => order.push('m1'))
    const second = commit('m2').then(() => order.push('m2'))
    await settled()
    expect(order).toEqual([])
    batch(0).answer()
    await first
    await settled()
    expect(order).toEqual(['m1'])
    batch(1).answer()
    await second
    expect(order).toEqual(['m1', 'm2'])
  })

  test('is answered in the order of arrival within a batch', async () => {
    const { commit, batch } = setUp()
    commit('m1')
    const order: string[] = []
    const later = ids(2, 9).map((id) => commit(id).then(() => order.push(id)))
    batch(0).answer()
    await settled()
    batch(1).answer()
    await Promise.all(later)
    expect(order).toEqual(ids(2, 9))
  })

  test('keeps its receipt when what reports the commit fails', async () => {
    const onCommit = () => {
      throw new Error('a broken metric')
    }
    const { committer, commit, batch } = setUp({ onCommit })
    const outcome = commit('m1')
    batch(0).answer()
    expect(await outcome).toEqual(receipt('m1'))
    await settled()
    expect(committer.depth).toBe(0)
    const next = commit('m2')
    batch(1).answer()
    expect(await next).toEqual(receipt('m2'))
    await committer.drained()
  })
})

describe('the queue', () => {
  test('counts what waits and what is being committed', async () => {
    const { committer, commit, batch } = setUp({ batchMessagesMax: 2 })
    const all = ids(1, 4).map(commit)
    expect(committer.depth).toBe(4)
    batch(0).answer()
    await all[0]
    expect(committer.depth).toBe(3)
    await settled()
    batch(1).answer()
    await all[2]
    expect(committer.depth).toBe(1)
    await settled()
    batch(2).answer()
    await all[3]
    expect(committer.depth).toBe(0)
  })

  test('refuses what goes beyond its bound with queue_full, and hands none of it on', async () => {
    const { commit, batch, ids: handedOn } = setUp({ queueMessagesMax: 3 })
    const all = ids(1, 3).map(commit)
    expect(await commit('m4')).toEqual(new Rejection('queue_full', [], 'm4'))
    batch(0).answer()
    await all[0]
    await settled()
    batch(1).answer()
    expect(await Promise.all(all)).toEqual(ids(1, 3).map(receipt))
    expect(handedOn()).toEqual([['m1'], ['m2', 'm3']])
  })

  test('takes messages again once there is room', async () => {
    const { commit, batch } = setUp({ queueMessagesMax: 1 })
    const first = commit('m1')
    expect((await commit('m2')).result).toBe('queue_full')
    batch(0).answer()
    await first
    const third = commit('m3')
    await settled()
    batch(1).answer()
    expect(await third).toEqual(receipt('m3'))
  })

  test('has room again after a commit that failed', async () => {
    const { committer, commit, batch } = setUp({ queueMessagesMax: 1 })
    const first = commit('m1')
    batch(0).fail(new StoreUnavailable('storage full', undefined))
    await first
    expect(committer.depth).toBe(0)
    commit('m2')
    await settled()
    expect(batch(1).ids).toEqual(['m2'])
  })
})
