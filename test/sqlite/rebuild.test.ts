import { Database } from 'bun:sqlite'
import { afterAll, describe, expect, test } from 'bun:test'
import { openWriting } from '../../src/sqlite/database.ts'
import { objectsOf } from '../../src/sqlite/objects.ts'
import { openRebuilder, REBUILDING } from '../../src/sqlite/rebuild.ts'
import { openSqliteStore } from '../../src/sqlite/store.ts'
import { openFolder } from '../support/folder.ts'
import { listQuery } from '../support/messages.ts'
import { makeStore, rebuild, verify } from './upkept.ts'

const folder = openFolder()
afterAll(() => folder[Symbol.dispose]())

function newStore(count: number): string {
  const path = folder.file(`${crypto.randomUUID()}.db`)
  makeStore(path, count)
  return path
}

const STEPS = Object.keys(REBUILDING)

describe('rebuild', () => {
  test('says what it made again', () => {
    expect(rebuild(newStore(60))).toEqual({
      clear: 'counts and search index emptied',
      indexes: '10 made again',
      columns: 'nothing to mend',
      counts: '60 messages counted',
      search: '60 messages indexed',
    })
  })

  test('makes indexes that are missing, or are other ones than they should be', () => {
    const path = newStore(60)
    const db = new Database(path)
    const names = [...objectsOf(db).keys()].filter((name) => name.startsWith('index '))
    for (const name of names) db.run(`DROP ${name}`)
    db.run('CREATE INDEX messages_by_id ON messages (text)')
    db.close()
    expect(Object.keys(verify(path))).toContain('schema')
    rebuild(path)
    expect(verify(path)).toEqual({})
  })

  test('does so in a database without messages', () => {
    const path = newStore(0)
    expect(rebuild(path)).toMatchObject({ counts: '0 messages counted' })
    expect(verify(path)).toEqual({})
  })

  test.each(STEPS)('tells how far it is, up to the end, in step %s', (name) => {
    const told: [number, number][] = []
    const steps = openRebuilder(newStore(2100), (...progress) => void told.push(progress))
    for (const step of STEPS.slice(0, STEPS.indexOf(name))) steps.run(step)
    told.length = 0
    steps.run(name)
    steps.close()
    for (const [done, total] of told) expect(done).toBeLessThanOrEqual(total)
    expect(told.length > 0).toBe(name !== 'clear')
  })

  // What is left then is what a killed process leaves, as each step ends with a commit.
  test.each(STEPS)('that ends after step %s is finished by the store itself', async (name) => {
    const path = newStore(700)
    const steps = openRebuilder(path, () => {})
    for (const step of STEPS.slice(0, STEPS.indexOf(name) + 1)) steps.run(step)
    steps.close()
    const store = await openSqliteStore(path)
    expect((await store.list(listQuery({ q: '\u043f\u0440' }))).total).toBe(140)
    expect((await store.stats()).senders_count).toBe(13)
    await store.close()
    expect(verify(path)).toEqual({})
  })

  test('refuses a database in which it cannot be done, with what to do', () => {
    const path = newStore(10)
    const db = openWriting(path)
    db.run('DROP TABLE days')
    db.close(true)
    const steps = openRebuilder(path, () => {})
    expect(() => steps.run('clear')).toThrow(
      `${path} cannot be mended: no such table: days; restore it from a backup`,
    )
    steps.close()
  })
})
