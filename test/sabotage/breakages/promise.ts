import { type Breakage, breakagesOf } from '../breakage.ts'

/** Breakages of the promise itself, which the attacks from outside must notice. */
export const PROMISE_BREAKAGES: Breakage[] = [
  ...breakagesOf(
    'src/sqlite/arrivals_file.ts',
    ['test/prove/synced.test.ts'],
    [['a 200 leaves before its fsync', 'synchronous = FULL', 'synchronous = NORMAL']],
  ),
  ...breakagesOf(
    'src/sqlite/database.ts',
    ['test/prove/power.test.ts'],
    [['a power failure takes what was answered', 'synchronous = FULL', 'synchronous = OFF']],
  ),
  ...breakagesOf(
    'src/intake/committer.ts',
    ['test/prove/overload.test.ts'],
    [['an overload is queued', '>= this.#options.queueMessagesMax', '=== Infinity']],
  ),
  ...breakagesOf(
    'src/cli/serve.ts',
    ['test/prove/clocks.test.ts'],
    [['latency is told by the wall clock', 'now: monotonic', 'now']],
  ),
]
