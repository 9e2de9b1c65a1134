import { describe, expect, test } from 'bun:test'
import { Settling } from '../../src/sqlite/settling.ts'

/** A settling whose every move the test ends. */
function setUp() {
  const moves: PromiseWithResolvers<number>[] = []
  const settled: number[] = []
  const settling = new Settling({
    settle: () => {
      const move = Promise.withResolvers<number>()
      moves.push(move)
      return move.promise
    },
    onSettled: (messages) => settled.push(messages),
  })
  const note = (commits: number, messages: number) => {
    for (let n = 0; n < commits; n += 1) settling.noteCommit(messages)
  }
  return { settling, moves, settled, note }
}

describe('moving without a reader', () => {
  test('begins after 64 commits of 256 messages or more', () => {
    const { moves, note } = setUp()
    note(63, 4)
    expect(moves.length).toBe(0)
    note(1, 4)
    expect(moves.length).toBe(1)
  })

  test('waits for 256 messages where the commits are small', () => {
    const { moves, note } = setUp()
    note(255, 1)
    expect(moves.length).toBe(0)
    note(1, 1)
    expect(moves.length).toBe(1)
  })

  test('does not wait for commits once there are 4,096 messages', () => {
    const { moves, note } = setUp()
    note(1, 4095)
    expect(moves.length).toBe(0)
    note(1, 1)
    expect(moves.length).toBe(1)
  })

  test('that fails is tried again with the next commit', async () => {
    const { moves, note, settled } = setUp()
    note(1, 5000)
    moves[0]?.reject(new Error('no room'))
    await Promise.resolve()
    await Promise.resolve()
    note(1, 1)
    expect(moves.length).toBe(2)
    moves[1]?.resolve(5001)
    await Promise.resolve()
    expect(settled).toEqual([5001])
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
    note(1, 3)
    let answered = false
    const current = settling.current().then(() => {
      answered = true
    })
    await Promise.resolve()
    expect([moves.length, answered]).toEqual([1, false])
    moves[0]?.resolve(3)
    await current
    expect(answered).toBe(true)
  })

  test('shares a move with those who ask meanwhile, unless more was acknowledged', async () => {
    const { settling, moves, note } = setUp()
    note(1, 3)
    const first = [settling.current(), settling.current()]
    expect(moves.length).toBe(1)
    note(1, 1)
    const later = settling.current()
    expect(moves.length).toBe(2)
    for (const move of moves) move.resolve(1)
    await Promise.all([...first, later])
  })

  test('is told when the messages cannot be moved, and the next one tries again', async () => {
    const { settling, moves, note } = setUp()
    note(1, 3)
    const current = settling.current()
    moves[0]?.reject(new Error('no room'))
    await expect(current).rejects.toThrow('no room')
    const next = settling.current()
    expect(moves.length).toBe(2)
    moves[1]?.resolve(3)
    await next
  })
})
