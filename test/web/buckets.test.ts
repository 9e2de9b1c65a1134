import { expect, test } from 'bun:test'
import { barsOf, planPlot } from '../../src/web/browser/buckets.ts'

const NOW = Date.UTC(2025, 0, 15, 12)
const HOUR = { bucket: 'hour', since: '', until: '' } as const

test.each([
  ['', '', 'hour', '', ''],
  ['', '2025-01-15T12:00:00Z', 'hour', '', '2025-01-15T12:00:00Z'],
  ['2025-01-15T11:00:00Z', '', 'minute', '2025-01-15T11:00:00Z', '2025-01-15T12:00:00Z'],
  [
    '2025-01-15T08:40:00Z',
    '2025-01-15T12:00:00Z',
    'minute',
    '2025-01-15T08:40:00Z',
    '2025-01-15T12:00:00Z',
  ],
  [
    '2025-01-15T08:39:00Z',
    '2025-01-15T12:00:00Z',
    'hour',
    '2025-01-15T08:39:00Z',
    '2025-01-15T12:00:00Z',
  ],
  [
    '2025-01-01T00:00:00Z',
    '2025-01-15T12:00:00Z',
    'day',
    '2025-01-01T00:00:00Z',
    '2025-01-15T12:00:00Z',
  ],
  ['yesterday', '', 'hour', 'yesterday', ''],
  ['2025-01-15T11:00:00Z', 'soon', 'hour', '2025-01-15T11:00:00Z', 'soon'],
  // Of a window that no plot could show, the end.
  [
    '1970-01-01T00:00:00Z',
    '2025-01-15T00:00:00Z',
    'day',
    '2024-06-29T00:00:00Z',
    '2025-01-15T00:00:00Z',
  ],
])('plots from %j until %j by the %s', (since, until, bucket, first, end) => {
  expect<object>(planPlot(since, until, NOW)).toEqual({ bucket, since: first, until: end })
})

test('fills a week of hours up to the latest message', () => {
  const bars = barsOf(HOUR, [
    { start: '2025-01-15T10:00:00Z', count: 2 },
    { start: '2025-01-15T12:00:00Z', count: 1 },
  ])
  expect(bars.length).toBe(168)
  expect(bars.slice(-3)).toEqual([
    { start: '2025-01-15T10:00:00Z', end: '2025-01-15T11:00:00Z', count: 2 },
    { start: '2025-01-15T11:00:00Z', end: '2025-01-15T12:00:00Z', count: 0 },
    { start: '2025-01-15T12:00:00Z', end: '2025-01-15T13:00:00Z', count: 1 },
  ])
})

test('has no bars where there is no message', () => {
  expect(barsOf(HOUR, [])).toEqual([])
})

test('ends with the latest message where that is before 1970 too', () => {
  const bars = barsOf(HOUR, [{ start: '1969-07-20T20:00:00Z', count: 3 }])
  expect(bars.at(-1)).toMatchObject({ start: '1969-07-20T20:00:00Z', count: 3 })
})

test('widens a window to whole buckets', () => {
  const plan = { bucket: 'hour', since: '2025-01-15T10:30:00Z', until: '2025-01-15T11:30:00Z' }
  const bars = barsOf({ ...plan, bucket: 'hour' }, [{ start: '2025-01-15T10:00:00Z', count: 1 }])
  expect(bars.map(({ start, count }) => [start, count])).toEqual([
    ['2025-01-15T10:00:00Z', 1],
    ['2025-01-15T11:00:00Z', 0],
  ])
})
