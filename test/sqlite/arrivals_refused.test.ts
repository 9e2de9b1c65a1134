import { Database } from 'bun:sqlite'
import { afterAll, describe, expect, test } from 'bun:test'
import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { Backup } from '../../src/sqlite/backup.ts'
import { prepare } from '../../src/sqlite/connection.ts'
import { openFolder } from '../support/folder.ts'
import { arrival } from '../support/messages.ts'
import { killNow, openEngine } from './engine.ts'
import { verify } from './upkept.ts'

const folder = openFolder()
afterAll(() => folder[Symbol.dispose]())

const newPath = () => folder.file(`${crypto.randomUUID()}.db`)

const idsIn = (db: Database) =>
  db.query('SELECT message_id FROM messages ORDER BY seq').values().flat()

describe('of what a process that was killed has left', () => {
  test('arrivals of another database are refused and left as they are', () => {
    const [mine, other] = [newPath(), newPath()]
    for (const each of [mine, other]) {
      const { append, db } = openEngine(each)
      append([arrival()])
      db.close(true)
    }
    copyFileSync(`${other}.arrivals`, `${mine}.arrivals`)
    const before = readFileSync(`${mine}.arrivals`)
    expect(() => openEngine(mine)).toThrow('belongs to another database: put each beside its own')
    expect(readFileSync(`${mine}.arrivals`)).toEqual(before)
  })

  test.each([1, 3])('arrivals of another release are refused: form %d', (form) => {
    const newer = newPath()
    openEngine(newer).db.close(true)
    const db = new Database(`${newer}.arrivals`)
    db.run(`PRAGMA user_version = ${form}`)
    db.close(true)
    expect(() => openEngine(newer)).toThrow('another release: start that one, and stop it in order')
  })

  test('arrivals without their database are refused, and taken up when it is back', () => {
    const alone = newPath()
    const { append, db } = openEngine(alone)
    append([arrival()])
    db.close(true)
    renameSync(alone, `${alone}.aside`)
    expect(() => prepare(alone)).toThrow('.arrivals has lost its database: put')
    renameSync(`${alone}.aside`, alone)
    expect(idsIn(openEngine(prepare(alone)).db)).toEqual(['m1'])
  })

  test.each(['missing', 'empty'])('a log of arrivals whose file is %s is refused', (state) => {
    const path = newPath()
    openEngine(path).append([arrival()])
    const killed = killNow(path, newPath())
    const bytes = readFileSync(`${killed}.arrivals`)
    if (state === 'missing') rmSync(`${killed}.arrivals`)
    else writeFileSync(`${killed}.arrivals`, '')
    const file = `${killed}.arrivals`
    const line = `${file}-wal has lost its database: put ${file} back beside it`
    expect(() => prepare(killed)).toThrow(line)
    expect(verify(killed)).toEqual({ arrivals: `cannot be read: ${line}` })
    expect(() => new Backup(killed).copy(newPath(), 0)).toThrow(line)
    writeFileSync(`${killed}.arrivals`, bytes)
    expect(idsIn(openEngine(prepare(killed)).db)).toEqual(['m1'])
  })

  test('arrivals that go on where a later database ends are refused beside an older one', () => {
    const path = newPath()
    openEngine(path).close()
    const older = readFileSync(path)
    const engine = openEngine(path)
    for (const message_id of ['settled', 'forgotten', 'left']) {
      engine.append([arrival({ message_id })])
      engine.settle()
    }
    const killed = killNow(path, newPath())
    const line = 'is newer than its database: put back the one that was beside it'
    const [now, log] = [readFileSync(killed), readFileSync(`${killed}-wal`)]
    writeFileSync(killed, older)
    rmSync(`${killed}-wal`)
    expect(() => openEngine(killed)).toThrow(`${killed}.arrivals ${line}`)
    expect(verify(killed)).toEqual({ arrivals: `the file ${line}` })
    writeFileSync(killed, now)
    writeFileSync(`${killed}-wal`, log)
    expect(idsIn(openEngine(killed).db)).toEqual(['settled', 'forgotten', 'left'])
  })

  test('arrivals that cannot be read are refused and left as they are', () => {
    const damaged = newPath()
    const { append, db } = openEngine(damaged)
    append([arrival()])
    db.run('UPDATE arrivals.commits SET messages = substr(messages, 1, 20)')
    db.close(true)
    const line = `${damaged}.arrivals is damaged: it is left as it was; restore it from a backup`
    expect(() => openEngine(damaged)).toThrow(line)
    expect(existsSync(`${damaged}.arrivals`)).toBe(true)
  })
})
