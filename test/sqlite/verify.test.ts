import { Database } from 'bun:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openVerifier } from '../../src/sqlite/verify.ts'
import { openFolder } from '../support/folder.ts'
import { openEngine } from './engine.ts'
import { makeStore, rebuild, various, verify } from './upkept.ts'

const MESSAGES = 300

const folder = openFolder()
const whole = folder.file('whole.db')
beforeAll(() => makeStore(whole, MESSAGES))
afterAll(() => folder[Symbol.dispose]())

/** A copy of the whole store. */
function copyStore(): string {
  const path = folder.file(`${crypto.randomUUID()}.db`)
  for (const suffix of ['', '.search']) copyFileSync(whole + suffix, path + suffix)
  return path
}

/** Does something by hand to the closed file of a database. */
function harm(path: string, work: (db: Database) => void): void {
  const db = new Database(path)
  work(db)
  db.close(true)
}

const by =
  (...statements: string[]) =>
  (path: string) =>
    harm(path, (db) => {
      for (const statement of statements) db.run(statement)
    })

/** Bytes of seq 7 in the indexes: its id, sender and recipient, and its instant in 48 bits. */
const SEVEN = {
  id: Buffer.from('m7').toString('hex'),
  sender: Buffer.from('+6').toString('hex'),
  recipient: Buffer.from('+90').toString('hex'),
  instant: BigInt.asUintN(48, BigInt(Date.parse(various(7).at(-1)?.ts ?? '')) * 1000n)
    .toString(16)
    .padStart(12, '0'),
}

/**
 * The entry of seq 7 in each index, as SQLite writes it (https://sqlite.org/fileformat.html,
 * section 2.1): size of the header, types, values, and the seq in its last byte.
 */
const ENTRIES = {
  messages_by_id: `031101${SEVEN.id}07`,
  messages_by_instant: `04051101${SEVEN.instant}${SEVEN.id}07`,
  messages_by_sender: `04110501${SEVEN.sender}${SEVEN.instant}07`,
  messages_by_recipient: `04130501${SEVEN.recipient}${SEVEN.instant}07`,
}

/** Makes the entry of seq 7 in an index name another message. */
function misleadEntry(path: string, index: keyof typeof ENTRIES): void {
  const entry = Buffer.from(ENTRIES[index], 'hex')
  const bytes = readFileSync(path)
  let at = bytes.indexOf(entry)
  expect(at).toBeGreaterThan(0)
  // Splitting a page leaves copies behind that are no part of the index.
  for (; at !== -1; at = bytes.indexOf(entry, at)) bytes[at + entry.length - 1] = 9
  writeFileSync(path, bytes)
}

type Damage = [what: string, harm: (path: string) => void, found: Record<string, string>]

const only = (check: string, words: string) => ({
  [check]: expect.stringContaining(words) as string,
})

/** Damage to what is derived: found and named by these checks and no other, and mended. */
const MENDABLE: Damage[] = [
  [
    'a count of a sender that is one too high',
    by("UPDATE senders SET count = count + 1 WHERE number = '+3'"),
    only('senders', '1 different: +3 has 24, recounted 23'),
  ],
  [
    'a sender that is missing',
    by("DELETE FROM senders WHERE number = '+3'"),
    only('senders', '1 different: +3 is missing, recounted 23'),
  ],
  [
    'a recipient that has no message',
    by("INSERT INTO recipients VALUES ('+95', 2)"),
    only('recipients', '1 different: +95 has 2, recounted 0'),
  ],
  [
    'two counts that are wrong by as much',
    by(
      'UPDATE hours SET count = count + 1 WHERE start = -1',
      'UPDATE hours SET count = count - 1 WHERE start = 5',
    ),
    only('hours', '2 different: -1 has '),
  ],
  ['a day that is missing', by('DELETE FROM days WHERE start = -2'), only('days', '-2 is missing')],
  [
    'a sender among the busiest that is not one',
    by("UPDATE top_senders SET number = '+9' WHERE number = '+0'"),
    only('top_senders', '2 different: +0 is missing'),
  ],
  [
    'a number of senders that is wrong',
    by('UPDATE derived SET senders = 12'),
    only('derived', '1 different: 12 senders, recounted 13'),
  ],
  [
    'counts that are not complete',
    by('UPDATE derived SET through = 299'),
    only('derived', 'counted through seq 299, the last is 300'),
  ],
  ['a row on the counts that is missing', by('DELETE FROM derived'), only('derived', 'missing')],
  [
    'a folded text that was changed',
    by("UPDATE messages SET folded = 'cole' WHERE seq = 2"),
    only('messages', '1 different: seq 2 has another folded text than its text'),
  ],
  [
    'a folded text that was dropped',
    by('UPDATE messages SET folded = NULL WHERE seq = 3'),
    only('messages', '1 different: seq 3 has another folded text than its text'),
  ],
  [
    'an instant that is wrong by a microsecond',
    by('UPDATE messages SET instant = instant + 1 WHERE seq = 9'),
    only('messages', '1 different: seq 9 has another instant than its ts'),
  ],
]

const INDEXES = Object.keys(ENTRIES) as (keyof typeof ENTRIES)[]

/** Damage to what nothing is left to derive from. */
const FINAL: Damage[] = [
  [
    'a message that is gone',
    by('DELETE FROM messages WHERE seq = 8'),
    only('messages', '1 different: no message has seq 8 to 8'),
  ],
  [
    'a ts that is no instant',
    by("UPDATE messages SET ts = 'yesterday' WHERE seq = 4"),
    only('messages', '1 different: seq 4 has a ts that is no instant'),
  ],
  [
    'a table that is not ours',
    by('CREATE TABLE mine (id)'),
    only('schema', 'table mine is not ours'),
  ],
  ['a row of readiness that is gone', by('DELETE FROM readiness'), only('schema', 'readiness')],
]

describe('verify', () => {
  test('finds nothing in a whole store', () => {
    expect(verify(copyStore())).toEqual({})
  })

  test('finds nothing in an empty store, and in one without a search index', () => {
    const empty = folder.file('empty.db')
    makeStore(empty, 0)
    expect(verify(empty)).toEqual({})
    const path = copyStore()
    rmSync(`${path}.search`)
    expect(verify(path)).toEqual({})
  })

  test.each(MENDABLE)('finds %s, and rebuild mends it', (_, damage, found) => {
    const path = copyStore()
    damage(path)
    expect(verify(path)).toEqual(found)
    rebuild(path)
    expect(verify(path)).toEqual({})
  })

  test.each(INDEXES)('finds an entry missing in %s, and rebuild mends it', (index) => {
    const path = copyStore()
    misleadEntry(path, index)
    const found = verify(path)
    expect(found.integrity).toContain(`row 7 missing from index ${index}`)
    rebuild(path)
    expect(verify(path)).toEqual({})
  })

  test.each(FINAL)('finds %s, and still does after rebuild', (_, damage, found) => {
    const path = copyStore()
    damage(path)
    expect(verify(path)).toMatchObject(found)
    rebuild(path)
    const left = verify(path)
    expect(left).toMatchObject(found)
    expect(left.search).toBeUndefined()
  })

  test('names a table and an index that are missing, and goes on', () => {
    const path = copyStore()
    by('DROP TABLE hours', 'DROP INDEX messages_by_recipient')(path)
    const { schema, hours, ...others } = verify(path)
    expect(schema).toContain('table hours is missing')
    expect(schema).toContain('index messages_by_recipient is missing')
    expect(hours).toBe('cannot be read: no such table: hours')
    expect(others).toEqual({})
  })

  test('tells five differences and the number of the others', () => {
    const path = copyStore()
    by('DELETE FROM senders')(path)
    const { senders } = verify(path)
    expect(senders).toStartWith('13 different: +0 is missing, recounted 24; +1 is missing')
    expect(senders).toEndWith('; and 8 more')
  })
})

/** Every file of a store with its bytes. */
function snapshot(path: string): Map<string, string> {
  const names = readdirSync(folder.path).filter((name) => join(folder.path, name).startsWith(path))
  return new Map(names.map((name) => [name, readFileSync(folder.file(name)).toString('base64')]))
}

describe('a store that is verified', () => {
  test('stays the same to the byte, and has no new file beside it', () => {
    const path = copyStore()
    const before = snapshot(path)
    verify(path)
    expect(snapshot(path)).toEqual(before)
  })

  test('is read with the log that a killed process left, and keeps it', () => {
    const path = copyStore()
    const killed = folder.file('killed.db')
    const engine = openEngine(path)
    engine.append(various(MESSAGES + 20))
    engine.settle()
    for (const suffix of ['', '-wal', '.search']) copyFileSync(path + suffix, killed + suffix)
    engine.close()
    const [log, main] = [readFileSync(`${killed}-wal`), readFileSync(killed)]
    expect(verify(killed)).toEqual({})
    expect(readFileSync(`${killed}-wal`)).toEqual(log)
    expect(readFileSync(killed)).toEqual(main)
    by('UPDATE derived SET through = 300')(killed)
    expect(verify(killed)).toMatchObject({ derived: expect.stringContaining('the last is 320') })
  })

  test('is well where a crash left the search index empty', () => {
    const path = copyStore()
    writeFileSync(`${path}.search`, '')
    expect(verify(path)).toEqual({})
  })

  test('is refused and not brought up to date when its schema is older', () => {
    const path = copyStore()
    by('PRAGMA user_version = 1')(path)
    const before = snapshot(path)
    expect(() => openVerifier(path, () => {})).toThrow('has an older schema, 1')
    expect(snapshot(path)).toEqual(before)
    expect(existsSync(`${path}-wal`)).toBe(false)
  })
})
