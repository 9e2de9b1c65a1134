import { expect, setDefaultTimeout, test } from 'bun:test'
import { KILL } from '../../prove/kill.ts'
import { expectKept } from './short.ts'

setDefaultTimeout(60_000)

test('loses and doubles nothing over kills at random moments, and counts right', async () => {
  const { rounds, lost, doubled } = await expectKept(KILL, 2)
  expect({ rounds, lost, doubled }).toEqual({ rounds: 2, lost: 0, doubled: 0 })
})
