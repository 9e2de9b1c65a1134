import { statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { MEMORY } from './identity.ts'
import { searchPath } from './search_file.ts'

/** What a database takes on its disk, and what the disk has left, in bytes. */
interface Sizes {
  readonly databaseBytes: () => number
  readonly walBytes: () => number
  readonly searchBytes: () => number
  /** What a process that is not root may still write. */
  readonly diskFreeBytes: () => number
}

const fileBytes = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0

function freeBytes(path: string): number {
  try {
    const { bavail, bsize } = statfsSync(dirname(path))
    return bavail * bsize
  } catch {
    // The folder is gone: readiness says so, a scrape goes on.
    return Number.NaN
  }
}

/** Looks at the files at each call, which costs microseconds. One in memory has no size: NaN. */
export function sizesOf(path: string): Sizes {
  if (path === MEMORY) {
    const none = () => Number.NaN
    return { databaseBytes: none, walBytes: none, searchBytes: none, diskFreeBytes: none }
  }
  return {
    databaseBytes: () => fileBytes(path),
    walBytes: () => fileBytes(`${path}-wal`),
    searchBytes: () => fileBytes(searchPath(path)) + fileBytes(`${searchPath(path)}-wal`),
    diskFreeBytes: () => freeBytes(path),
  }
}
