import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { contestant } from '../../bench/contestants.ts'
import { wholeNumber } from '../settings.ts'
import { shoot } from './range.ts'
import { renderProblems, renderStatuses } from './replay.ts'

/** The database lies on the disk of the checkout, in the folder that `make clean` removes. */
const DIST = join(import.meta.dir, '..', '..', 'dist')

const REQUESTS = 100_000

/** `make fuzz SEED=7 REQUESTS=1000000 FROM=0`: shoots, and prints what failed to be sent again. */
async function main(): Promise<void> {
  const seed = wholeNumber(process.env, 'SEED', Date.now() % 1_000_000)
  const requests = wholeNumber(process.env, 'REQUESTS', REQUESTS)
  const from = wholeNumber(process.env, 'FROM', 0)
  mkdirSync(DIST, { recursive: true })
  const folder = mkdtempSync(join(DIST, 'fuzz-'))
  try {
    const say = (what: string) => console.error(`fuzz: ${what}`)
    say(`seed ${seed}, ${requests} requests from ${from}`)
    const program = (database: string) => contestant('ours', database)
    const startedAt = performance.now()
    const score = await shoot({ program, folder, seed, from, requests, say })
    const problems = renderProblems(score, seed)
    const seconds = Math.round((performance.now() - startedAt) / 1000)
    console.log([...problems, renderStatuses(score)].join('\n'))
    console.log(`${requests} requests in ${seconds} s, seed ${seed}: ${problems.length} problems`)
    if (problems.length > 0) process.exitCode = 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

try {
  await main()
} catch (error) {
  console.error(`fuzz: ${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
}
