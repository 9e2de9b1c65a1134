import { expect, setDefaultTimeout, test } from 'bun:test'
import { HOSTILE } from '../../prove/hostile.ts'
import { expectKept } from './short.ts'

setDefaultTimeout(60_000)

test('serves a good sender in a hostile crowd, and stores and leaks nothing of that', async () => {
  const { rounds, lost, doubled } = await expectKept(HOSTILE, 1)
  expect({ rounds, lost, doubled }).toEqual({ rounds: 1, lost: 0, doubled: 0 })
})
