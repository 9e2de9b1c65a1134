/**
 * Closes `make test` with the one line `N passed, N failed` that people and programs look for,
 * read from the JUnit file that `bun test` wrote. Usage: summary.ts <junit file> <exit code>.
 */

/** What a run of the tests came to, in tests. */
export type Tally = { passed: number; failed: number }

/**
 * Counts the tests of a JUnit file's root element. A skipped test counts as failed: nothing was
 * shown by it. A run that went wrong without any failed test, such as a file that cannot be
 * loaded or a file that was never written, counts as one failed.
 */
export function tally(junit: string, exitCode: number): Tally {
  const root = /<testsuites\b[^>]*>/.exec(junit)?.[0] ?? ''
  const notPassed = attribute(root, 'failures') + attribute(root, 'skipped')
  const passed = attribute(root, 'tests') - notPassed
  const failed = notPassed === 0 && (exitCode !== 0 || passed === 0) ? 1 : notPassed
  return { passed, failed }
}

function attribute(element: string, name: string): number {
  return Number(new RegExp(` ${name}="(\\d+)"`).exec(element)?.[1] ?? 0)
}

async function main(path: string, exitCode: number): Promise<number> {
  const file = Bun.file(path)
  const { passed, failed } = tally((await file.exists()) ? await file.text() : '', exitCode)
  console.log(`${passed} passed, ${failed} failed`)
  if (exitCode !== 0) return exitCode
  return failed === 0 ? 0 : 1
}

if (import.meta.main) {
  const [path = 'junit.xml', exitCode = '1'] = Bun.argv.slice(2)
  process.exitCode = await main(path, Number(exitCode))
}
