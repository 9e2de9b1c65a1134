import { describe, expect, test } from 'bun:test'
import type { Settled } from '../../src/sqlite/move.ts'
import { Settling } from '../../src/sqlite/settling.ts'
import { StoreUnavailable } from '../../src/store.ts'

const SETTLED: Settled = { seq: 7, change: 0 }

/** A settling whose every move the test ends. */
function setUp() {
  const moves: PromiseWithResolvers<Settled>[] = []
  const settled: number[] = []
  const settling = new Settling({
    settle: () => {
      const move = Promise.withResolvers<Settled>()
      moves.push(move)
      return move.promise
    },
    onSettled: (messages) => settled.push(messages),
  })
  const note = (messages: number, characters = 0) => settling.noteCommit(messages, characters)
  return { settling, moves, settled, note }
}

test('many messages are moved without a tick', () => {
  const { moves, note } = setUp()
  note(8191)
  expect(moves.length).toBe(0)
  note(1)
  expect(moves.length).toBe(1)
  note(8192)
  expect(moves.length).toBe(1)
})

test('long messages are moved without a tick, however few', () => {
  const { moves, note } = setUp()
  note(1, 1_048_575)
  expect(moves.length).toBe(0)
  note(1, 1)
  expect(moves.length).toBe(1)
})

describe('a tick', () => {
  test('moves what has been acknowledged, and nothing where there is nothing', () => {
    const { settling, moves, note } = setUp()
    settling.tick()
    expect(moves.length).toBe(0)
    note(1)
    expect(moves.length).toBe(0)
    settling.tick()
    expect(moves.length).toBe(1)
  })

  test('leaves it to a later one while a move is under way', async () => {
    const { settling, moves, settled, note } = setUp()
    note(3)
    settling.tick()
    note(2)
    settling.tick()
    expect(moves.length).toBe(1)
    moves[0]?.resolve(SETTLED)
    await Bun.sleep(0)
    settling.tick()
    expect(moves.length).toBe(2)
    moves[1]?.resolve(SETTLED)
    await Bun.sleep(0)
    expect(settled).toEqual([3, 2])
  })

  test('moves all that a move which failed has left', async () => {
    const { settling, moves, settled, note } = setUp()
    note(5)
    settling.tick()
    moves[0]?.reject(new Error('no room'))
    await Bun.sleep(0)
    note(1)
    settling.tick()
    expect(moves.length).toBe(2)
    moves[1]?.resolve(SETTLED)
    await Bun.sleep(0)
    expect(settled).toEqual([6])
  })

  test('says once how far it came', async () => {
    const { settling, moves, note } = setUp()
    expect(settling.takeSettled()).toBeUndefined()
    note(1)
    const current = settling.current()
    moves[0]?.resolve(SETTLED)
    await current
    expect(settling.takeSettled()).toEqual(SETTLED)
    expect(settling.takeSettled()).toBeUndefined()
  })
})

describe('room', () => {
  test('is there at once until 32,768 messages wait', async () => {
    const { settling, note } = setUp()
    note(32_767)
    await settling.room()
  })

  test('is there again after the move of so many, also while that is under way', async () => {
    const { settling, moves, note } = setUp()
    note(32_768)
    const order: string[] = []
    const waits = ['first', 'second'].map((name) => settling.room().then(() => order.push(name)))
    await Bun.sleep(0)
    expect([order, moves.length]).toEqual([[], 1])
    moves[0]?.resolve(SETTLED)
    await Promise.all(waits)
    expect(order).toEqual(['first', 'second'])
  })

  test('is refused when so many cannot be moved', async () => {
    const { settling, moves, note } = setUp()
    note(32_768)
    const room = settling.room()
    moves[0]?.reject(new StoreUnavailable('storage full', 'no room'))
    await expect(room).rejects.toThrow('storage full')
  })
})

describe('a reader', () => {
  test('waits for nothing when every message is moved', async () => {
    const { settling, moves } = setUp()
    await settling.current()
    expect(moves.length).toBe(0)
  })

  test('waits for the move of what was acknowledged before it asked', async () => {
    const { settling, moves, note } = setUp()
    note(3)
    let answered = false
    const current = settling.current().then(() => {
      answered = true
    })
    await Promise.resolve()
    expect([moves.length, answered]).toEqual([1, false])
    moves[0]?.resolve(SETTLED)
    await current
    expect(answered).toBe(true)
  })

  test('shares a move with those who ask meanwhile, unless more was acknowledged', async () => {
    const { settling, moves, note } = setUp()
    note(3)
    const first = [settling.current(), settling.current()]
    expect(moves.length).toBe(1)
    note(1)
    const later = settling.current()
    expect(moves.length).toBe(2)
    for (const move of moves) move.resolve(SETTLED)
    await Promise.all([...first, later])
  })

  test('is told when the messages cannot be moved, and the next one tries again', async () => {
    const { settling, moves, note } = setUp()
    note(3)
    const current = settling.current()
    moves[0]?.reject(new Error('no room'))
    await expect(current).rejects.toThrow('no room')
    const next = settling.current()
    expect(moves.length).toBe(2)
    moves[1]?.resolve(SETTLED)
    await next
  })
})
