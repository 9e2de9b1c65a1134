import type { Database } from 'bun:sqlite'
import { dirname, resolve } from 'node:path'

/**
 * Sorts what a connection has to sort from now on in files and not in memory, as an index over
 * millions of rows needs it; and these beside the database, since that is the one place that is
 * sure to be writable.
 */
export function sortInFiles(db: Database, path: string): void {
  db.run(`PRAGMA temp_store_directory = '${dirname(resolve(path)).replaceAll("'", "''")}'`)
  db.run('PRAGMA temp_store = FILE')
}

/** Sorts in memory again. */
export function sortInMemory(db: Database): void {
  db.run('PRAGMA temp_store = MEMORY')
}
