import { describe, expect, test } from 'bun:test'
import { count, renderTally, startTally } from '../../src/cli/tally.ts'

describe('the tally', () => {
  test('names the first lines of a reason, in order, and says that there are more', () => {
    const tally = startTally()
    for (const line of [9, 2, 7, 4, 5, 6, 8]) {
      count(tally, { result: 'failed', reason: 'timeout' }, line)
    }
    expect(renderTally(tally)).toContain('failed 7\n  7 x timeout (lines 2, 4, 5, 6, 7, ...)\n')
  })

  test('puts reasons beyond its bound together', () => {
    const tally = startTally()
    for (let line = 1; line <= 1000; line += 1) {
      count(tally, { result: 'refused', reason: `400 ${line}` }, line)
    }
    const lines = renderTally(tally).split('\n')
    expect(lines).toContain('refused 1000')
    expect(lines).toContain('  960 x other reasons (lines 41, 42, 43, 44, 45, ...)')
    expect(lines.length).toBe(46)
  })
})
