import { setDefaultTimeout, test } from 'bun:test'
import { TURNS } from '../../prove/turns.ts'
import { expectKept } from './short.ts'

setDefaultTimeout(60_000)

test('loses nothing while two processes take turns on one file', async () => {
  await expectKept(TURNS, 2)
})
