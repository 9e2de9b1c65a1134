import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Breakage } from './breakage.ts'
import { runCampaign, type Tally } from './campaign.ts'
import { runSuite } from './suite.ts'

const SUM = 'export const sum = (a: number, b: number) => a + b\n'
const SUM_TEST = `import { expect, test } from 'bun:test'
import { sum } from '../src/sum.ts'
test('adds two and nothing', () => expect(sum(2, 0)).toBe(2))
`
const TIMES: Breakage = { name: 'times', file: 'src/sum.ts', find: 'a + b', replace: 'a * b' }
const MINUS: Breakage = { ...TIMES, name: 'minus', replace: 'a - b' }
const HANGS: Breakage = { ...TIMES, name: 'hangs', find: 'a + b', replace: '{ for (;;); }' }

let root: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sabotage-test-'))
  await mkdir(join(root, 'node_modules'))
  await Bun.write(join(root, 'src/sum.ts'), SUM)
  await Bun.write(join(root, 'test/sum.test.ts'), SUM_TEST)
  await Bun.write(join(root, 'test/red.test.ts'), SUM_TEST.replace('toBe(2)', 'toBe(3)'))
})

afterAll(() => rm(root, { recursive: true }))

async function campaign(
  breakages: Breakage[],
  limitSeconds = 60,
): Promise<Tally & { lines: string[] }> {
  const lines: string[] = []
  const print = (line: string) => lines.push(line)
  const allTests = ['test/sum.test.ts']
  const tally = await runCampaign({ root, breakages, allTests, limitSeconds, print })
  return { ...tally, lines }
}

test('a breakage that turns a test red is caught, and the test is named', async () => {
  const { lines, ...tally } = await campaign([TIMES])
  expect(tally).toEqual({ passed: 1, failed: 0 })
  expect(lines[0]).toBe('running 1 test files on the unbroken copy')
  expect(lines[1]).toMatch(/^\[1\/1\] caught {3}times \([\d.]+ s\): by adds two and nothing$/)
})

test('a breakage that no test notices survives and fails the campaign', async () => {
  const { lines, ...tally } = await campaign([MINUS])
  expect(tally).toEqual({ passed: 0, failed: 1 })
  expect(lines[1]).toMatch(/^\[1\/1\] SURVIVED minus /)
})

test('one breakage leaves nothing behind for the next', async () => {
  const { lines, ...tally } = await campaign([TIMES, MINUS, TIMES, MINUS, TIMES, MINUS])
  expect(tally).toEqual({ passed: 3, failed: 3 })
  expect(lines.filter((line) => line.includes('SURVIVED minus'))).toHaveLength(3)
})

test('a breakage that makes the tests hang is caught by the time limit', async () => {
  const { lines, ...tally } = await campaign([HANGS], 3)
  expect(tally).toEqual({ passed: 1, failed: 0 })
  expect(lines[1]).toEndWith(': by the time limit')
})

const STALE: [string, Partial<Breakage>][] = [
  ['"a % b" stands 0 times in src/sum.ts', { find: 'a % b' }],
  ['"number" stands 2 times in src/sum.ts', { find: 'number' }],
  ['there is no src/gone.ts', { file: 'src/gone.ts' }],
  ['there is no test/gone.test.ts', { tests: ['test/gone.test.ts'] }],
  ['it changes nothing', { replace: 'a + b' }],
  ['it leaves a syntax error', { replace: 'a +' }],
]

test.each(STALE)('a breakage is stale and fails the campaign when %s', async (why, change) => {
  const { lines, ...tally } = await campaign([{ ...TIMES, ...change }])
  expect(tally).toEqual({ passed: 0, failed: 1 })
  expect(lines).toEqual([`[1/1] stale    times: ${why}`])
})

test('nothing counts as caught when the unbroken copy is red', async () => {
  const { lines, ...tally } = await campaign([{ ...TIMES, tests: ['test/red.test.ts'] }])
  expect(tally).toEqual({ passed: 0, failed: 1 })
  expect(lines.at(-1)).toBe('the unbroken copy is red: mend that first')
})

test('a campaign changes nothing in the project and leaves no copy behind', async () => {
  const copies = async () => (await readdir(tmpdir())).filter((name) => name.includes(prefix))
  const prefix = `ackbox-sabotage-${process.pid}-`
  await campaign([TIMES, MINUS])
  expect(await copies()).toEqual([])
  expect(await readFile(join(root, 'src/sum.ts'), 'utf8')).toBe(SUM)
})

test('a signal ends the tests under way', async () => {
  const abort = new AbortController()
  await Bun.write(
    join(root, 'slow/slow.test.ts'),
    `import { test } from 'bun:test'
test('never ends', () => { for (;;); })
`,
  )
  const run = runSuite(root, ['slow/slow.test.ts'], 60, abort.signal)
  abort.abort()
  expect((await run).color).toBe('red')
})
