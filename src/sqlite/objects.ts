import { Database } from 'bun:sqlite'
import { MEMORY } from './identity.ts'
import { migrate } from './migrations.ts'

/** Each object of a schema, as `index messages_by_id`, with the statement that made it. */
export function objectsOf(db: Database): Map<string, string> {
  const sql = "SELECT type || ' ' || name AS name, sql FROM main.sqlite_schema WHERE sql NOT NULL"
  const rows = db.query<{ name: string; sql: string }, []>(sql).all()
  return new Map(rows.map((row) => [row.name, row.sql]))
}

/** The objects that a new database has. */
export function meantObjects(): Map<string, string> {
  using fresh = new Database(MEMORY)
  migrate(fresh, MEMORY)
  return objectsOf(fresh)
}
