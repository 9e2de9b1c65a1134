import { readFileSync } from 'node:fs'
import { type Config, parseSettings } from '../config.ts'
import { StartRefused } from '../start_refused.ts'
import { StoreUnavailable } from '../store.ts'
import type { Progress, Upkeep } from '../upkeep.ts'
import type { Io } from './io.ts'
import { describeRest, showLine } from './progress.ts'

type Open = (location: Config['DATABASE_URL'], progress: Progress) => Promise<Upkeep>

/**
 * Opens the store of DATABASE_URL, the only setting that is asked for, and runs every step with
 * its progress on stderr and a line of what came of it on stdout. Resolves to 0 when all is well
 * after each, else to 1.
 */
export async function runUpkeep(open: Open, io: Io): Promise<0 | 1> {
  const fraction: { value: number | undefined } = { value: undefined }
  try {
    const environment = {
      variables: io.env,
      readFile: (path: string) => readFileSync(path, 'utf8'),
    }
    const { DATABASE_URL } = parseSettings(['DATABASE_URL'], environment)
    const upkeep = await open(DATABASE_URL, (done, total) => {
      fraction.value = total > 0 ? Math.min(1, done / total) : undefined
    })
    try {
      return await runSteps(upkeep, fraction, io)
    } finally {
      await upkeep.close()
    }
  } catch (error) {
    for (const line of explain(error).split('\n')) io.stderr(`ackbox: ${line}\n`)
    return 1
  }
}

async function runSteps(
  { steps }: Upkeep,
  fraction: { value: number | undefined },
  io: Io,
): Promise<0 | 1> {
  const width = Math.max(...steps.map(({ name }) => name.length))
  let code: 0 | 1 = 0
  for (const { name, part, run } of steps) {
    fraction.value = undefined
    const hide = showLine(io, (seconds) => {
      const done = part?.() ?? fraction.value
      return { fraction: done, text: [name, ...describeRest(done, seconds)].join(', ') }
    })
    const { ok, text } = await run().finally(() => hide('erased'))
    io.stdout(`${name.padEnd(width)}  ${text}\n`)
    if (!ok) code = 1
  }
  return code
}

/** What an operator can mend, in words; throws what else there is. */
function explain(error: unknown): string {
  if (error instanceof StartRefused) return error.message
  if (!(error instanceof StoreUnavailable)) throw error
  return `${error.reason}: ${error.cause}; mend that and run this again`
}
