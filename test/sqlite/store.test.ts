import { afterAll } from 'bun:test'
import { openSqliteStore } from '../../src/sqlite/store.ts'
import { describeStore } from '../store.contract.ts'
import { openFolder } from '../support/folder.ts'

const folder = openFolder()
afterAll(() => folder[Symbol.dispose]())

let opened = 0
const file = () => folder.file(`${opened}/app.db`)

describeStore({
  name: 'SQLite in memory',
  open: () => openSqliteStore(':memory:'),
  propertyRuns: 100,
})

describeStore({
  name: 'SQLite in a file',
  open: () => {
    opened += 1
    return openSqliteStore(file())
  },
  reopen: () => openSqliteStore(file()),
  propertyRuns: 8,
})
