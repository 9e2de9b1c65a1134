import { afterAll, expect, test } from 'bun:test'
import { readFileSync, statSync } from 'node:fs'
import { closeSearch, openIndexing, searchPath } from '../../src/sqlite/search_file.ts'
import { Warming } from '../../src/sqlite/warming.ts'
import { openFolder } from '../support/folder.ts'
import { openEngine } from './engine.ts'
import { various } from './upkept.ts'

const folder = openFolder()
afterAll(() => folder[Symbol.dispose]())

/** Steps until all is read; more than any of these databases can need is an endless loop. */
function stepsOf(count: number): number {
  const { db, append, settle } = openEngine()
  append(various(count))
  settle()
  const warming = new Warming(db)
  let steps = 1
  while (warming.step() && steps < 100) steps += 1
  expect(warming.step()).toBe(false)
  db.close(true)
  return steps
}

test('warming passes once over the entries of both indexes, 5,000 in a step', () => {
  // The last step of each index finds fewer than that, and with them its end.
  expect([0, 1, 4999, 5001, 12_000].map(stepsOf)).toEqual([2, 2, 2, 4, 6])
})

/** The locks that this process has on a file, as the system lists them. */
function locksOn(path: string): string[] {
  const own = new RegExp(` ${process.pid} \\S+:${statSync(path).ino} `)
  return readFileSync('/proc/locks', 'utf8')
    .split('\n')
    .filter((line) => own.test(line))
}

test('warming reads both files, a megabyte in a step, where the memory can hold them', () => {
  const path = folder.file('app.db')
  const { db, append, settle } = openEngine(path)
  append(various(22_000))
  settle()
  db.close(true)
  const indexing = openIndexing(path)
  const sizes = [path, searchPath(path)].map((file) => statSync(file).size)
  const sum = sizes.reduce((all, size) => all + size, 0)
  const stepsWith = (memoryBytes: number) => {
    const warming = new Warming(indexing, memoryBytes)
    let steps = 1
    while (warming.step() && steps < 100) steps += 1
    expect(warming.step()).toBe(false)
    return steps
  }
  const whole = sizes.reduce((all, size) => all + Math.floor(size / 1_048_576) + 1, 0)
  expect(whole).toBeGreaterThan(3)
  expect(stepsWith(sum)).toBe(whole)
  // A descriptor that is closed would take the locks of all connections with it.
  for (const file of [path, searchPath(path)]) expect(locksOn(file)).toHaveLength(1)
  // By the indexes, as above.
  expect(stepsWith(sum - 1)).toBe(10)
  closeSearch(indexing)
})
