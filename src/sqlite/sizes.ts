import { statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { arrivalsPath, MEMORY } from './identity.ts'
import { searchPath } from './search_file.ts'

/** What a database takes on its disk, and what the disk has left, in bytes. */
interface Sizes {
  readonly databaseBytes: () => number
  readonly arrivalsBytes: () => number
  readonly walBytes: () => number
  readonly searchBytes: () => number
  /** What a process that is not root may still write. */
  readonly diskFreeBytes: () => number
}

const fileBytes = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0

const withLog = (path: string) => fileBytes(path) + fileBytes(`${path}-wal`)

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
  const sizes = {
    databaseBytes: () => fileBytes(path),
    arrivalsBytes: () => withLog(arrivalsPath(path)),
    walBytes: () => fileBytes(`${path}-wal`),
    searchBytes: () => withLog(searchPath(path)),
    diskFreeBytes: () => freeBytes(path),
  }
  if (path !== MEMORY) return sizes
  const none = () => Number.NaN
  return {
    databaseBytes: none,
    arrivalsBytes: none,
    walBytes: none,
    searchBytes: none,
    diskFreeBytes: none,
  }
}
