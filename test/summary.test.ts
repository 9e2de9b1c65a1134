import { expect, test } from 'bun:test'
import { tally } from './summary.ts'

const junit = (tests: number, failures: number, skipped: number) =>
  `<?xml version="1.0"?>\n<testsuites name="bun test" tests="${tests}" assertions="9" ` +
  `failures="${failures}" skipped="${skipped}" time="0.1">\n` +
  '<testsuite name="a" tests="7" failures="7" skipped="7"></testsuite></testsuites>'

test('counts what passed when all passed', () => {
  expect(tally(junit(12, 0, 0), 0)).toEqual({ passed: 12, failed: 0 })
})

test('counts a skipped test as failed', () => {
  expect(tally(junit(12, 1, 2), 1)).toEqual({ passed: 9, failed: 3 })
  expect(tally(junit(12, 0, 2), 0)).toEqual({ passed: 10, failed: 2 })
})

test('counts a run that failed outside any test as one failed', () => {
  expect(tally(junit(12, 0, 0), 1)).toEqual({ passed: 12, failed: 1 })
})

test('counts a run that left no file, or ran nothing, as one failed', () => {
  expect(tally('', 1)).toEqual({ passed: 0, failed: 1 })
  expect(tally('', 0)).toEqual({ passed: 0, failed: 1 })
  expect(tally(junit(0, 0, 0), 0)).toEqual({ passed: 0, failed: 1 })
})
