import { describe, expect, test } from 'bun:test'
import { RETRY_SECONDS_MAX, retryMilliseconds } from '../../src/cli/backoff.ts'

describe('retryMilliseconds', () => {
  test('doubles with each attempt', () => {
    expect([1, 2, 3, 4].map((n) => retryMilliseconds(n, undefined, 0))).toEqual([
      125, 250, 500, 1000,
    ])
  })

  test('lets chance decide the upper half', () => {
    expect(retryMilliseconds(1, undefined, 0.5)).toBe(187.5)
  })

  test('waits as long as Retry-After asks', () => {
    expect(retryMilliseconds(1, '2', 0)).toBe(2000)
  })

  test('does not wait less for a Retry-After of 0', () => {
    expect(retryMilliseconds(2, '0', 0)).toBe(250)
  })

  test.each(['soon', '-5', '1.5', '', 'Wed, 21 Oct 2015 07:28:00 GMT'])(
    'passes over %p',
    (text) => {
      expect(retryMilliseconds(1, text, 0)).toBe(125)
    },
  )

  test('never waits longer than its bound', () => {
    expect(retryMilliseconds(1, '86400', 0)).toBe(RETRY_SECONDS_MAX * 1000)
    expect(retryMilliseconds(100, undefined, 1)).toBe(RETRY_SECONDS_MAX * 1000)
  })
})
