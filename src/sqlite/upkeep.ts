import { existsSync } from 'node:fs'
import { StartRefused } from '../start_refused.ts'
import type { Progress, Upkeep } from '../upkeep.ts'
import { prepare } from './database.ts'
import { MEMORY } from './identity.ts'
import { holdLock } from './lock.ts'
import { REBUILDING } from './rebuild.ts'
import type { Steps } from './steps.ts'
import { EngineThread } from './threads.ts'
import { CHECKS } from './verify.ts'

const STEPS = { rebuilder: REBUILDING, verifier: CHECKS } as const

function refuseAbsent(path: string): void {
  if (path === MEMORY) {
    throw new StartRefused('a database in memory ends with its process: name a file')
  }
  if (!existsSync(path)) {
    throw new StartRefused(`${path} does not exist: set DATABASE_URL to that of the service`)
  }
}

/**
 * Opens a database that nobody serves for a work of several steps, in a thread of its own, so
 * that progress can be shown meanwhile. Throws StartRefused as openSqliteStore does, and where
 * there is no such file yet.
 */
export async function openSqliteUpkeep(
  role: keyof typeof STEPS,
  path: string,
  progress: Progress,
): Promise<Upkeep> {
  refuseAbsent(path)
  prepare(path)
  const lock = holdLock(path)
  const thread = new EngineThread<Steps>(progress)
  const release = () => {
    thread.terminate()
    lock.close()
  }
  try {
    await thread.open(role, path)
  } catch (error) {
    release()
    throw error
  }
  return {
    steps: Object.keys(STEPS[role]).map((name) => ({ name, run: () => thread.call('run', name) })),
    close: async () => {
      await thread.call('close')
      release()
    },
  }
}
