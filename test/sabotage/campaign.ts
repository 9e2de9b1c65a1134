import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Breakage, breakText, staleness } from './breakage.ts'
import { copyProject } from './copy.ts'
import { runSuite, type Verdict } from './suite.ts'

/** What a campaign needs. `allTests` is what a breakage without `tests` is tried on. */
export interface CampaignOptions {
  root: string
  breakages: Breakage[]
  allTests: string[]
  limitSeconds: number
  print: (line: string) => void
  signal?: AbortSignal
}

/** How many breakages were caught and how many survived, were stale, or could not be tried. */
export interface Tally {
  passed: number
  failed: number
}

const PARALLEL_MAX = 2

/** The unbroken copy has so many times the limit: it runs the tests of all breakages together. */
const UNBROKEN_TIMES = 4

function testsOf(breakage: Breakage, options: CampaignOptions): string[] {
  return breakage.tests ?? options.allTests
}

/** Breaks one copy, runs the tests that should notice, and mends the copy again. */
async function tryOne(
  copy: string,
  breakage: Breakage,
  options: CampaignOptions,
): Promise<Verdict> {
  const path = join(copy, breakage.file)
  const text = await readFile(path, 'utf8')
  await writeFile(path, breakText(text, breakage))
  try {
    const tests = testsOf(breakage, options)
    return await runSuite(copy, tests, options.limitSeconds, options.signal)
  } finally {
    await writeFile(path, text)
  }
}

function report(options: CampaignOptions, done: number, mark: string, text: string): void {
  const all = options.breakages.length
  options.print(`[${String(done).padStart(String(all).length)}/${all}] ${mark.padEnd(8)} ${text}`)
}

const MARKS = { green: 'SURVIVED', red: 'caught', 'too slow': 'caught' }

function reasonOf({ color, first }: Verdict): string {
  if (color === 'green') return 'every test stayed green'
  return color === 'red' ? `by ${first ?? 'a suite that did not load'}` : 'by the time limit'
}

/** One worker: takes the next breakage as long as there is one, on a copy of its own. */
async function work(
  copy: string,
  queue: Breakage[],
  options: CampaignOptions,
  tally: Tally,
): Promise<void> {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const start = performance.now()
    const verdict = await tryOne(copy, next, options)
    if (options.signal?.aborted) return
    if (verdict.color === 'green') tally.failed++
    else tally.passed++
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    const done = tally.passed + tally.failed
    report(options, done, MARKS[verdict.color], `${next.name} (${seconds} s): ${reasonOf(verdict)}`)
  }
}

/** Says which breakages are stale; they count as failed before anything is run. */
function sortOut(options: CampaignOptions, tally: Tally): Breakage[] {
  return options.breakages.filter((breakage) => {
    const why = staleness(options.root, breakage)
    if (why === undefined) return true
    tally.failed++
    report(options, tally.failed, 'stale', `${breakage.name}: ${why}`)
    return false
  })
}

/** Whether the tests to be used are green on an unbroken copy; says so when they are not. */
async function isSound(
  copy: string,
  breakages: Breakage[],
  options: CampaignOptions,
): Promise<boolean> {
  const tests = [...new Set(breakages.flatMap((breakage) => testsOf(breakage, options)))]
  options.print(`running ${tests.length} test files on the unbroken copy`)
  const limitSeconds = options.limitSeconds * UNBROKEN_TIMES
  const verdict = await runSuite(copy, tests, limitSeconds, options.signal)
  if (verdict.color === 'green') return true
  options.print(verdict.output)
  options.print(`the unbroken copy is ${verdict.color}: mend that first`)
  return false
}

/**
 * Tries every breakage on copies of the project, two at a time, and prints a line for each. First
 * the unbroken copy must be green, or no red would mean anything: then nothing is tried, and all
 * that could have been counts as failed.
 */
export async function runCampaign(options: CampaignOptions): Promise<Tally> {
  const tally: Tally = { passed: 0, failed: 0 }
  const breakages = sortOut(options, tally)
  if (breakages.length === 0) return tally
  const copies: string[] = []
  try {
    for (let n = 0; n < Math.min(PARALLEL_MAX, breakages.length); n++)
      copies.push(await copyProject(options.root))
    const [first = ''] = copies
    if (!(await isSound(first, breakages, options)))
      return { passed: 0, failed: options.breakages.length }
    const queue = [...breakages]
    await Promise.all(copies.map((copy) => work(copy, queue, options, tally)))
    return tally
  } finally {
    await Promise.all(copies.map((copy) => rm(copy, { recursive: true })))
  }
}
