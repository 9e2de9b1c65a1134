import { setDefaultTimeout, test } from 'bun:test'
import { STOP_UNDER_LOAD } from '../../prove/stop.ts'
import { expectKept } from './short.ts'

setDefaultTimeout(60_000)

test('answers all that it stores when it is stopped under load', async () => {
  await expectKept(STOP_UNDER_LOAD, 2)
})
