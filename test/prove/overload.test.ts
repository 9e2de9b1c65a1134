import { setDefaultTimeout, test } from 'bun:test'
import { OVERLOAD } from '../../prove/overload.ts'
import { withProgram } from '../support/program.ts'
import { expectKept } from './short.ts'

setDefaultTimeout(60_000)

withProgram('strace', () => {
  test('refuses what a slow disk cannot take, and loses nothing that it accepts', async () => {
    await expectKept(OVERLOAD, 1)
  })
})
