import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { staleness } from './breakage.ts'
import { BREAKAGES } from './breakages.ts'

const root = join(import.meta.dir, '../..')

test('every breakage still fits the source, or make sabotage could not try it', () => {
  const whys = BREAKAGES.map((breakage) => [breakage.name, staleness(root, breakage)])
  expect(whys.filter(([, why]) => why !== undefined)).toEqual([])
})

test('every breakage has a name of its own, by which it can be asked for', () => {
  const names = BREAKAGES.map(({ name }) => name)
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
})
