/**
 * `make test-container`: proves the image and docker-compose.yml on a real container engine. One
 * line for each check, then `N passed, N failed`; exit code 1 when any failed.
 */
import { join } from 'node:path'
import { CHECKS } from './checks.ts'
import { type Composition, openComposition } from './composition.ts'
import { openEngine } from './engine.ts'

const root = join(import.meta.dir, '../..')
process.exitCode = await main()

async function main(): Promise<number> {
  const passed = await prove().catch((error: unknown) => {
    console.log(`FAIL  the engine could not be used: ${explain(error)}`)
    return 0
  })
  const failed = CHECKS.length - passed
  console.log(`${passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}

/** Brings up what the checks need, runs them, takes it down; resolves to how many passed. */
async function prove(): Promise<number> {
  const engine = await openEngine(root)
  try {
    const box = await openComposition(root, engine)
    try {
      return await runChecks(box)
    } finally {
      await box.close()
    }
  } finally {
    await engine.close()
  }
}

async function runChecks(box: Composition): Promise<number> {
  let passed = 0
  let interrupted = false
  const interrupt = () => {
    interrupted = true
  }
  // Ends the run after the check under way, so that an interrupted run leaves nothing up either.
  // Every time: a signal to the whole process group arrives twice, the second time through make.
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt)
  for (const check of CHECKS) {
    if (interrupted) break
    const start = performance.now()
    try {
      await check.run(box)
      passed += 1
      console.log(`ok    ${check.name} (${((performance.now() - start) / 1000).toFixed(1)} s)`)
    } catch (error) {
      console.log(`FAIL  ${check.name}: ${explain(error)}`)
      if (check.vital) break
    }
  }
  if (passed < CHECKS.length) await showLog(box)
  return passed
}

/** What the service said last, for whoever reads a failed run. */
async function showLog(box: Composition): Promise<void> {
  const container = await box.container()
  if (container === '') return
  const { stdout, stderr } = await box.docker('logs', '--tail', '20', container)
  console.error(`${stdout}${stderr}`.trimEnd())
}

/** The error's first lines: a mismatch of whole tables of mounts says no more in eighty. */
function explain(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.split('\n').slice(0, 16).join('\n')
}
