import { readFileSync } from 'node:fs'
import { parseSettings } from '../config.ts'
import { openBackup } from '../maintenance.ts'
import { listenForStop } from './interruption.ts'
import type { Io } from './io.ts'
import { runUpkeep } from './upkeep.ts'

/**
 * `ackbox backup FILE`: copies the store, served or not, into a new file. Exit code 0 when all of
 * it is there, whole and on disk; 1 when there is no such file or the copy is damaged; 128 and the
 * signal's number when it was stopped. Only 0 leaves a file.
 */
export async function backup(
  { positionals: [file = ''] }: { positionals: readonly string[] },
  io: Io,
): Promise<number> {
  const interruption = listenForStop(io)
  const stopped = Promise.withResolvers<number>()
  const work = runUpkeep(async (location) => {
    const readFile = (path: string) => readFileSync(path, 'utf8')
    const environment = { variables: io.env, readFile }
    const { DISK_FREE_BYTES_MIN } = parseSettings(['DISK_FREE_BYTES_MIN'], environment)
    const opened = await openBackup(location, { file, freeBytesMin: DISK_FREE_BYTES_MIN })
    const abandon = () => {
      opened.abandon()
      stopped.resolve(interruption.exitCode() ?? 1)
    }
    interruption.stop.addEventListener('abort', abandon)
    if (interruption.stop.aborted) abandon()
    return opened
  }, io)
  try {
    return await Promise.race([work, stopped.promise])
  } finally {
    interruption.forget()
  }
}
