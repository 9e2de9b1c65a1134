import { describe, expect, test } from 'bun:test'
import { dueSegments } from '../../src/sqlite/merging.ts'

const LIMITS = { segments: 3, messages: 10, messagesMax: 200, blocks: 1 }

/** Segments of these numbers of messages, side by side. */
function segmentsOf(sizes: readonly number[]) {
  let last = 0
  return sizes.map((size, index) => {
    const first = last + 1
    last += size
    return { id: index, first, last }
  })
}

/** How many of the last segments are due. */
const due = (...sizes: number[]) => {
  const all = segmentsOf(sizes)
  const run = dueSegments(all, LIMITS)
  expect(run).toEqual(run.length === 0 ? [] : all.slice(-run.length))
  return run.length
}

describe('segments are merged', () => {
  test('when there are several of one size', () => {
    expect(due()).toBe(0)
    expect(due(10)).toBe(0)
    expect(due(10, 12)).toBe(0)
    expect(due(10, 12, 9)).toBe(3)
    expect(due(60, 10, 12, 9)).toBe(3)
    expect(due(50, 40, 30, 10)).toBe(4)
  })

  test('and not while only the smaller ones behind them make them many', () => {
    expect(due(50, 10, 12)).toBe(0)
    expect(due(50, 40, 10, 12)).toBe(0)
  })

  test('once together they make a full one, and never again', () => {
    expect(due(90, 80)).toBe(0)
    expect(due(90, 80, 30)).toBe(3)
    expect(due(200, 230, 250, 201)).toBe(0)
    expect(due(200, 230, 250, 201, 10, 10, 10)).toBe(3)
  })
})

/** What becomes of so many segments of ten messages that come one by one. */
function grow(count: number): { sizes: number[]; written: number } {
  let sizes: number[] = []
  let written = 0
  for (let n = 0; n < count; n += 1) {
    sizes = [...sizes, 10]
    for (;;) {
      const run = dueSegments(segmentsOf(sizes), LIMITS)
      if (run.length === 0) break
      const merged = sizes.splice(sizes.length - run.length).reduce((sum, size) => sum + size, 0)
      sizes = [...sizes, merged]
      written += merged
    }
  }
  return { sizes, written }
}

test('a message is written once for each size, and few segments are left', () => {
  const { sizes, written } = grow(1000)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(10_000)
  // Full ones, and less than as many of each smaller size as are merged.
  expect(sizes.filter((size) => size < 200).length).toBeLessThanOrEqual(3 * 2)
  expect(Math.max(...sizes)).toBeLessThan(400)
  // 10 to 30, to 90, to a full one.
  expect(written).toBeLessThanOrEqual(10_000 * 3)
})
