import type { Config } from './config.ts'
import { openSqliteBackup, openSqliteUpkeep } from './sqlite/upkeep.ts'
import type { BackupWork, Progress, Upkeep } from './upkeep.ts'

type Location = Config['DATABASE_URL']

/**
 * Opens a store to make all its derived data again. A work that is cut short in any way is done
 * again, or finished by the next start of the service. Throws StartRefused.
 */
export function openRebuild(location: Location, progress: Progress): Promise<Upkeep> {
  return openSqliteUpkeep('rebuilder', location.path, progress)
}

/** Opens a store to compare all its derived data with its messages. Throws StartRefused. */
export function openVerification(location: Location, progress: Progress): Promise<Upkeep> {
  return openSqliteUpkeep('verifier', location.path, progress)
}

/**
 * Opens a store, served or not, to copy into a new file all that is acknowledged by then, unless
 * that leaves less free space on its disk. Throws StartRefused.
 */
export function openBackup(
  location: Location,
  { file, freeBytesMin }: { file: string; freeBytesMin: number },
): Promise<BackupWork> {
  return openSqliteBackup(location.path, file, freeBytesMin)
}
