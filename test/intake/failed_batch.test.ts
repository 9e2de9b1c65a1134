import { describe, expect, test } from 'bun:test'
import { Rejection } from '../../src/outcome.ts'
import { StoreUnavailable } from '../../src/store.ts'
import { ids, settled, setUp } from './committer_setup.ts'
import { type Batch, receipt } from './held_append.ts'

/** What three commits come to whose batch ends this way: a value, or the error thrown. */
async function endOfBatch(end: (batch: Batch) => void) {
  const { commit, batch, commits } = setUp()
  commit('m1')
  const later = ids(2, 4).map(commit)
  batch(0).answer()
  await settled()
  end(batch(1))
  const results = await Promise.allSettled(later)
  const outcomes = results.map((each) => (each.status === 'fulfilled' ? each.value : each.reason))
  return { outcomes, statuses: results.map(({ status }) => status), commits }
}

describe('a batch that fails', () => {
  test('does not touch the one that is ready behind it', async () => {
    const { commit, batch } = setUp()
    const first = commit('m1')
    const second = commit('m2')
    await settled()
    batch(0).fail(new StoreUnavailable('storage full', undefined))
    batch(1).answer()
    expect((await first).result).toBe('storage_full')
    expect(await second).toEqual(receipt('m2'))
  })

  test.each([
    ['storage full', 'storage_full'],
    ['database not ready', 'store_unavailable'],
  ] as const)('for %s refuses each of its messages with %s', async (reason, code) => {
    const error = new StoreUnavailable(reason, undefined)
    const { outcomes, commits } = await endOfBatch((batch) => batch.fail(error))
    expect(outcomes).toEqual(ids(2, 4).map((id) => new Rejection(code, [], id)))
    expect(commits.length).toBe(1)
  })

  test('for a defect throws it at each of its messages', async () => {
    const error = new Error('a defect')
    const { outcomes, statuses } = await endOfBatch((batch) => batch.fail(error))
    expect(statuses).toEqual(['rejected', 'rejected', 'rejected'])
    expect(outcomes).toEqual([error, error, error])
  })

  test('in one row throws at that row alone', async () => {
    const error = new Error('a bad row')
    const answers = [receipt('m2'), error, receipt('m4')]
    const { outcomes, statuses } = await endOfBatch((batch) => batch.answer(answers))
    expect(statuses).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(outcomes).toEqual(answers)
  })

  test('to answer for a row throws at that row alone', async () => {
    const answers = [receipt('m2'), receipt('m3')]
    const { outcomes, statuses } = await endOfBatch((batch) => batch.answer(answers))
    expect(statuses).toEqual(['fulfilled', 'fulfilled', 'rejected'])
    expect(outcomes[2]).toBeInstanceOf(Error)
  })

  test('does not stop the batches behind it', async () => {
    const { commit, batch } = setUp()
    const first = commit('m1')
    const second = commit('m2')
    batch(0).fail(new StoreUnavailable('database not ready', undefined))
    expect((await first).result).toBe('store_unavailable')
    await settled()
    batch(1).answer()
    expect(await second).toEqual(receipt('m2'))
  })

  test('by throwing before it gives a promise is refused the same way', async () => {
    const append = () => {
      throw new StoreUnavailable('database not ready', undefined)
    }
    const { commit } = setUp({ append })
    expect((await commit('m1')).result).toBe('store_unavailable')
  })
})
