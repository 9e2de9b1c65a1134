import { statSync } from 'node:fs'
import { MEMORY } from './identity.ts'

/** Which file has this name now; undefined when there is none, or nothing in it. */
function identify(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats === undefined || stats.size === 0 ? undefined : `${stats.dev}:${stats.ino}`
}

/**
 * Watches that open databases and their WALs stay the files that have their names. SQLite goes on
 * in a file that was deleted or moved, and in WAL mode does not notice: what it writes there is
 * lost when the process ends. Returns whether all are still in place; call it after a commit. A
 * WAL counts from the first call on that finds something in it.
 */
export function watchFiles(...paths: readonly string[]): () => boolean {
  const files = paths.filter((path) => path !== MEMORY)
  const opened = files.map((path) => [path, identify(path)] as const)
  const wals = new Map(files.map((path) => [`${path}-wal`, identify(`${path}-wal`)]))
  const keepsWal = ([wal, before]: [string, string | undefined]) => {
    const now = identify(wal)
    if (before === undefined && now !== undefined) wals.set(wal, now)
    return before === undefined || now === before
  }
  return () => opened.every(([path, file]) => identify(path) === file) && [...wals].every(keepsWal)
}
