import type { Database } from 'bun:sqlite'
import { StartRefused } from '../start_refused.ts'
import messages from './schema/0001_messages.sql' with { type: 'text' }
import derived from './schema/0002_derived.sql' with { type: 'text' }
import arrivals from './schema/0003_arrivals.sql' with { type: 'text' }
import whatsapp from './schema/0004_whatsapp.sql' with { type: 'text' }
import settled from './schema/0005_settled.sql' with { type: 'text' }
import { sortInFiles, sortInMemory } from './sorting.ts'

/** The schema's steps in order. The database's `user_version` says how many are applied. */
export const MIGRATIONS: readonly string[] = [messages, derived, arrivals, whatsapp, settled]

/** How many steps this database has. */
function schemaVersion(db: Database): number {
  return db.query<{ user_version: number }, []>('PRAGMA user_version').get()?.user_version ?? 0
}

function refuseNewer(version: number, path: string): void {
  if (version > MIGRATIONS.length) {
    throw new StartRefused(
      `${path} has schema ${version}, this ackbox knows ${MIGRATIONS.length}: run the newer ackbox`,
    )
  }
}

/** Throws StartRefused for a database whose schema is not exactly the one that we know. */
export function refuseOtherSchema(db: Database, path: string): void {
  const version = schemaVersion(db)
  refuseNewer(version, path)
  if (version < MIGRATIONS.length) {
    throw new StartRefused(
      `${path} has an older schema, ${version}: bring it up to date with ackbox rebuild`,
    )
  }
}

/** Applies the steps that are missing up to one, in one transaction with its number. */
function apply(db: Database, through: number): void {
  const version = schemaVersion(db)
  db.transaction(() => {
    for (const sql of MIGRATIONS.slice(version, through)) db.run(sql)
    db.run(`PRAGMA user_version = ${through}`)
  }).immediate()
}

/**
 * Applies the steps that are missing: those of a new database at once, and of an older one each in
 * a transaction, so that a crash leaves a whole step or none. Throws StartRefused for a database
 * of a newer release.
 */
export function migrate(db: Database, path: string): void {
  const version = schemaVersion(db)
  const newest = MIGRATIONS.length
  refuseNewer(version, path)
  if (version > 0 && version < newest) sortInFiles(db, path)
  for (let through = version > 0 ? version + 1 : newest; through <= newest; through += 1) {
    apply(db, through)
  }
  sortInMemory(db)
}
