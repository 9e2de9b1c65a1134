import { setDefaultTimeout, test } from 'bun:test'
import { STORAGE } from '../../prove/storage.ts'
import { withProgram } from '../support/program.ts'
import { expectKept } from './short.ts'

setDefaultTimeout(90_000)

withProgram('strace', () => {
  test('keeps the promise on a disk that is full, breaks, and fails to sync', async () => {
    await expectKept(STORAGE, 3)
  })
})
