import { openRebuild } from '../maintenance.ts'
import type { Io } from './io.ts'
import { runUpkeep } from './upkeep.ts'

/**
 * `ackbox rebuild`: makes all that is derived from the messages again. Exit code 0 when all of it
 * is, 1 when it could not start (one line on stderr) or something is left that it cannot mend. It
 * may be ended at any moment, and be run again, or the service be started.
 */
export function rebuild(io: Io): Promise<0 | 1> {
  return runUpkeep(openRebuild, io)
}
