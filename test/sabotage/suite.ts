import { spawn } from 'node:child_process'

/** How a run of some tests ended. `first` is the name of the first test that failed. */
export interface Verdict {
  color: 'green' | 'red' | 'too slow'
  first: string | undefined
  output: string
}

const OUTPUT_CHARACTERS_KEPT = 20_000

/** As `make test` has it: the setting in bunfig.toml has no effect on Bun's own 5 seconds. */
const TEST_MILLISECONDS_MAX = 20_000

/**
 * Runs test files (all it can find, when none is named) in `folder` with this same Bun, and ends
 * at the first failure. After `limitSeconds`, or when `signal` says so, the tests and whatever
 * they have started are killed: they run in a process group of their own.
 */
export function runSuite(
  folder: string,
  tests: string[],
  limitSeconds: number,
  signal?: AbortSignal,
): Promise<Verdict> {
  const limit = `--timeout=${TEST_MILLISECONDS_MAX}`
  const args = ['test', '--bail', limit, ...tests.map((path) => `./${path}`)]
  const child = spawn(process.execPath, args, {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let late = false
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-OUTPUT_CHARACTERS_KEPT)
  }
  const end = () => killGroup(child.pid)
  const timer = setTimeout(() => {
    late = true
    end()
  }, limitSeconds * 1000)
  signal?.addEventListener('abort', end)
  if (signal?.aborted) end()
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      end()
      const first = /^\(fail\) (.*?)(?: \[[\d.]+m?s\])?$/m.exec(output)?.[1]
      const color = late ? 'too slow' : code === 0 ? 'green' : 'red'
      resolve({ color, first, output })
    })
  })
}

/** Ends a process group if any of it is left. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Nothing of the group is left, which is what was wanted.
  }
}
