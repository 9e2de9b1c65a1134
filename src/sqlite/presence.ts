import { statSync } from 'node:fs'
import { MEMORY } from './database.ts'

/** Which file has this name now; undefined when there is none, or nothing in it. */
function identify(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats === undefined || stats.size === 0 ? undefined : `${stats.dev}:${stats.ino}`
}

/**
 * Watches that an open database and its WAL stay the files that have their names. SQLite goes on
 * in a file that was deleted or moved, and in WAL mode does not notice: what it writes there is
 * lost when the process ends. Returns whether both are still in place; call it after a commit.
 * The WAL counts from the first call on, since SQLite makes it with the first write.
 */
export function watchFiles(path: string): () => boolean {
  if (path === MEMORY) return () => true
  const opened = identify(path)
  let wal: string | undefined
  return () => {
    const now = identify(`${path}-wal`)
    wal ??= now
    return now !== undefined && now === wal && identify(path) === opened
  }
}
