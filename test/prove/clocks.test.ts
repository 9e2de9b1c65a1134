import { setDefaultTimeout, test } from 'bun:test'
import { CLOCKS } from '../../prove/clocks.ts'
import { withProgram } from '../support/program.ts'
import { expectKept } from './short.ts'

setDefaultTimeout(60_000)

withProgram('faketime', () => {
  test('keeps seq, ids and latencies sane while the wall clock jumps', async () => {
    await expectKept(CLOCKS, 8)
  })
})
