import { setDefaultTimeout, test } from 'bun:test'
import { POWER } from '../../prove/power.ts'
import { withProgram } from '../support/program.ts'
import { expectKept } from './short.ts'

setDefaultTimeout(60_000)

withProgram('strace', () => {
  test('opens what a power loss leaves with every row acknowledged before', async () => {
    await expectKept(POWER, 2)
  })
})
