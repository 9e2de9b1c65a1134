import { describe, expect, test } from 'bun:test'
import type { Delivery } from '../../src/delivery.ts'
import { Committer } from '../../src/intake/committer.ts'
import { receive } from '../../src/intake/receive.ts'
import { parseMessage } from '../../src/message.ts'
import { verify } from '../../src/signature/verify.ts'
import { openSqliteStore } from '../../src/sqlite/store.ts'
import { signed, VERIFICATION } from '../signature/verified.ts'
import { arrival, listQuery } from '../support/messages.ts'

const { receivedAt: _, ...VALID } = arrival()

/** The intake over a store in memory: what becomes of one delivery, and what is stored then. */
async function setUp() {
  const store = await openSqliteStore(':memory:')
  const committer = new Committer({
    append: (batch) => store.append(batch),
    queueMessagesMax: 10,
    batchMessagesMax: 10,
    batchLengthMax: 1_000_000,
    now: () => 0,
    endOfTurn: (work) => setImmediate(work),
    onFailure: () => {},
    onCommit: () => {},
  })
  const send = (delivery: Delivery) =>
    receive(delivery, {
      verify: (each) => verify(each, VERIFICATION),
      parse: parseMessage,
      committer,
    })
  const stored = async () => (await store.list(listQuery())).data
  return { send, stored, find: store.find }
}

describe('receive', () => {
  test('stores a signed message before there is a receipt', async () => {
    const { send, stored } = await setUp()
    const receipt = { result: 'created', messageId: 'm1', seq: 1, conflict: false }
    expect(await send(signed(VALID))).toMatchObject(receipt)
    expect(await stored()).toEqual([VALID])
  })

  test('keeps the time of arrival', async () => {
    const { send, find } = await setUp()
    await send({ ...signed(VALID), receivedAt: 0 })
    expect((await find('m1'))?.received_at).toBe('1970-01-01T00:00:00.000Z')
  })

  test('refuses a wrong signature before it reads the body', async () => {
    const { send, stored } = await setUp()
    const unsigned = { ...signed('no JSON'), headers: new Headers() }
    expect((await send(unsigned)).result).toBe('invalid_signature')
    const whole = { ...unsigned, body: signed(VALID).body }
    expect((await send(whole)).result).toBe('invalid_signature')
    expect(await stored()).toEqual([])
  })

  test('stores nothing of an invalid message', async () => {
    const { send, stored } = await setUp()
    expect((await send(signed({ ...VALID, from: 'x' }))).result).toBe('validation_error')
    expect(await stored()).toEqual([])
  })

  test('keeps the first message with an id, and notes when a later one differs', async () => {
    const { send, stored } = await setUp()
    await send(signed(VALID))
    const same = await send(signed(VALID))
    const other = await send(signed({ ...VALID, text: 'other' }))
    expect([same, other]).toMatchObject([
      { result: 'duplicate', seq: 1, conflict: false },
      { result: 'duplicate', seq: 1, conflict: true },
    ])
    expect(await stored()).toEqual([VALID])
  })
})
