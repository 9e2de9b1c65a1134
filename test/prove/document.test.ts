import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { describeMachine } from '../../bench/machine.ts'
import { ATTACKS } from '../../prove/attacks.ts'
import { renderSection, sectionName } from '../../prove/document.ts'
import { readSettings } from '../../prove/settings.ts'

const [attack] = ATTACKS

test('a section says how it came about, on which machine, and what was found', async () => {
  if (attack === undefined) throw new Error('there is no attack')
  const settings = readSettings({ ROUNDS: '9', SEED: '3', BINARY: '1' }, ATTACKS, 1)
  const tally = { rounds: 9, acknowledged: 80, lost: 0, doubled: 0, problems: [], notes: ['quick'] }
  const machine = await describeMachine('/')
  const section = renderSection(
    settings,
    [{ attack, tally, problems: ['odd'], timed: true }],
    machine,
  )
  expect(section).toContain('    make prove ROUNDS=9 SEED=3 BINARY=1\n')
  expect(section).toContain(`- Databases in files on ${machine.fileSystem}.\n`)
  expect(section).toContain(`| ${attack.title} | 9 `)
  expect(section).toEndWith(`- WRONG  ${attack.name}: odd\n- ${attack.name}: quick`)
})

test('the source and the binary have a section each', () => {
  const name = (variables: Record<string, string>) =>
    sectionName(readSettings(variables, ATTACKS, 1))
  expect(name({})).not.toBe(name({ BINARY: '1' }))
})

test('make prove fails with one line where it is asked for what it cannot do', async () => {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, '../../prove/run.ts')], {
    env: { ROUNDS: '0' },
    stdout: 'pipe',
    stderr: 'pipe',
  })
  expect(await child.stderr.text()).toBe('prove: ROUNDS must be at least 1\n')
  expect(await child.exited).toBe(1)
})
