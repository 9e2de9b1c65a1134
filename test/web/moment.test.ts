import { afterEach, expect, test } from 'bun:test'
import { localTime } from '../../src/web/browser/moment.ts'
import { grouped } from '../../src/web/browser/number.ts'

const zone = process.env.TZ

afterEach(() => {
  process.env.TZ = zone ?? 'UTC'
})

test.each([
  ['Asia/Kolkata', '2025-01-15 15:30:05'],
  ['America/New_York', '2025-01-15 05:00:05'],
  ['UTC', '2025-01-15 10:00:05'],
])('shows a time in the zone of whoever looks, %s', (name, shown) => {
  process.env.TZ = name
  expect(localTime('2025-01-15T10:00:05.123456Z')).toBe(shown)
})

test('shows what is no time as it is', () => {
  expect(['', 'soon', '2025-13-01T00:00:00Z'].map(localTime)).toEqual([
    '',
    'soon',
    '2025-13-01T00:00:00Z',
  ])
})

test('sets the thousands of a count apart', () => {
  const counts = [0, 7, 999, 1000, 12_345, 999_999, 1_000_000, 1_234_567_890]
  const shown = ['0', '7', '999', '1,000', '12,345', '999,999', '1,000,000', '1,234,567,890']
  expect(counts.map(grouped)).toEqual(shown)
})
