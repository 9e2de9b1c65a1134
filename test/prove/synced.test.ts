import { setDefaultTimeout, test } from 'bun:test'
import { SYNCED } from '../../prove/synced.ts'
import { withProgram } from '../support/program.ts'
import { expectKept } from './short.ts'

setDefaultTimeout(60_000)

withProgram('strace', () => {
  test('sends each 200 after the fsync of the log that holds its row', async () => {
    await expectKept(SYNCED, 3)
  })
})
