import { openVerification } from '../maintenance.ts'
import type { Io } from './io.ts'
import { runUpkeep } from './upkeep.ts'

/**
 * `ackbox verify-store`: compares all that is derived from the messages with a recount, and
 * changes nothing. Prints a line for each check. Exit code 0 when there is no difference, else 1.
 */
export function verifyStore(io: Io): Promise<0 | 1> {
  return runUpkeep(openVerification, io)
}
