import { describe, expect, test } from 'bun:test'
import { Committer } from '../../src/intake/committer.ts'
import { StoreUnavailable } from '../../src/store.ts'
import { arrival } from '../support/messages.ts'
import { holdAppends } from './held_append.ts'

function setUp() {
  const held = holdAppends()
  const limits = { queueMessagesMax: 100, batchMessagesMax: 2, batchLengthMax: 1_000_000 }
  const committer = new Committer({
    ...limits,
    append: held.append,
    now: () => 0,
    endOfTurn: (work) => setImmediate(work),
    onFailure: () => {},
    onCommit: () => {},
  })
  const commit = (id: string) => committer.commit(arrival({ message_id: id }))
  return { ...held, committer, commit }
}

/** Watches a promise: whether it is resolved, after all has run that can. */
function watch(promise: Promise<void>) {
  let resolved = false
  promise.then(() => {
    resolved = true
  })
  return async () => {
    await new Promise<void>((resolve) => setImmediate(resolve))
    return resolved
  }
}

describe('drained', () => {
  test('resolves at once when nothing was ever committed', async () => {
    expect(await watch(setUp().committer.drained())()).toBe(true)
  })

  test('resolves only after all that waited is answered', async () => {
    const { committer, commit, batch } = setUp()
    for (const id of ['m1', 'm2', 'm3', 'm4']) commit(id)
    const isDrained = watch(committer.drained())
    expect(await isDrained()).toBe(false)
    batch(0).answer()
    expect(await isDrained()).toBe(false)
    batch(1).answer()
    expect(await isDrained()).toBe(false)
    batch(2).answer()
    expect(await isDrained()).toBe(true)
  })

  test('waits also for what is committed after it was called', async () => {
    const { committer, commit, batch } = setUp()
    commit('m1')
    const isDrained = watch(committer.drained())
    commit('m2')
    batch(0).answer()
    expect(await isDrained()).toBe(false)
    batch(1).answer()
    expect(await isDrained()).toBe(true)
  })

  test('resolves for everyone who asked', async () => {
    const { committer, commit, batch } = setUp()
    commit('m1')
    const watched = [watch(committer.drained()), watch(committer.drained())]
    batch(0).answer()
    expect(await Promise.all(watched.map((each) => each()))).toEqual([true, true])
  })

  test('resolves after a batch that failed', async () => {
    const { committer, commit, batch } = setUp()
    commit('m1')
    const isDrained = watch(committer.drained())
    batch(0).fail(new StoreUnavailable('storage full', undefined))
    expect(await isDrained()).toBe(true)
  })

  test('waits again for what comes after it was drained once', async () => {
    const { committer, commit, batch } = setUp()
    commit('m1')
    batch(0).answer()
    await committer.drained()
    commit('m2')
    const isDrained = watch(committer.drained())
    expect(await isDrained()).toBe(false)
    batch(1).answer()
    expect(await isDrained()).toBe(true)
  })
})
