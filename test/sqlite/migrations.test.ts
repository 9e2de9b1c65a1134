import { Database } from 'bun:sqlite'
import { afterAll, describe, expect, test } from 'bun:test'
import { dirname } from 'node:path'
import { openWriting } from '../../src/sqlite/database.ts'
import { APPLICATION_ID } from '../../src/sqlite/identity.ts'
import { MIGRATIONS, migrate } from '../../src/sqlite/migrations.ts'
import { StartRefused } from '../../src/start_refused.ts'
import { openFolder } from '../support/folder.ts'

const folder = openFolder()
afterAll(() => folder[Symbol.dispose]())

const GOLDEN = `${import.meta.dir}/schema.golden.sql`

/** Set to 1, this variable makes the test below write the golden dump anew. */
const UPDATE = 'ACKBOX_UPDATE_GOLDEN'

const schemaVersion = (db: Database) => db.query('PRAGMA user_version').values()[0]?.[0]

/** Everything that defines the schema, as one text. */
function dump(db: Database): string {
  const objects = db.query<{ sql: string }, []>(
    'SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type DESC, name',
  )
  const statements = objects.all().map(({ sql }) => `${sql};\n`)
  return `PRAGMA user_version = ${schemaVersion(db)};\n\n${statements.join('\n')}`
}

describe('the schema', () => {
  test('of a fresh database is the golden dump', async () => {
    const fresh = dump(openWriting(':memory:'))
    if (process.env[UPDATE] === '1') await Bun.write(GOLDEN, fresh)
    const golden = await Bun.file(GOLDEN).text()
    const advice = `to accept the new schema: ${UPDATE}=1 bun test test/sqlite/migrations.test.ts`
    expect({ advice, schema: fresh }).toEqual({ advice, schema: golden })
  })

  test('is only added to: a second migration changes nothing', () => {
    const db = openWriting(':memory:')
    const before = dump(db)
    const changes = db.query('PRAGMA schema_version').values()
    migrate(db, ':memory:')
    expect(dump(db)).toBe(before)
    expect(db.query('PRAGMA schema_version').values()).toEqual(changes)
  })

  test('comes with the one row that a readiness check rewrites', () => {
    const rows = openWriting(':memory:').query('SELECT * FROM readiness').values()
    expect(rows).toEqual([[1, 0]])
  })

  test('has its number in the database', () => {
    expect(schemaVersion(openWriting(':memory:'))).toBe(MIGRATIONS.length)
    expect(schemaVersion(new Database(':memory:'))).toBe(0)
  })

  test('of a newer release is refused, with what to do', () => {
    const path = folder.file('newer.db')
    const db = openWriting(path)
    db.run('PRAGMA user_version = 99')
    db.close(true)
    const refused = new StartRefused(
      `${path} has schema 99, this ackbox knows ${MIGRATIONS.length}: run the newer ackbox`,
    )
    expect(() => openWriting(path)).toThrow(refused)
  })

  test('of an older release is brought up to date with its indexes sorted beside it', () => {
    const path = folder.file('older.db')
    const old = new Database(path)
    old.run(`PRAGMA application_id = ${APPLICATION_ID}`)
    old.run(MIGRATIONS[0] ?? '')
    old.run('PRAGMA user_version = 1')
    old.close(true)
    const db = openWriting(path)
    expect(schemaVersion(db)).toBe(MIGRATIONS.length)
    expect(db.query('PRAGMA temp_store_directory').values()).toEqual([[dirname(path)]])
    // What is sorted later is small, and the folder may be slow: 2 stands for memory.
    expect(db.query('PRAGMA temp_store').values()).toEqual([[2]])
    db.close(true)
  })

  test('of a step that fails leaves the database as it was', () => {
    const db = new Database(':memory:')
    db.run('CREATE TABLE readiness (mine INTEGER)')
    expect(() => migrate(db, ':memory:')).toThrow('readiness')
    expect(schemaVersion(db)).toBe(0)
    expect(db.query('SELECT name FROM sqlite_schema').values()).toEqual([['readiness']])
  })
})
