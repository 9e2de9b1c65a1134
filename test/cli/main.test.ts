import { describe, expect, test } from 'bun:test'
import packageJson from '../../package.json' with { type: 'json' }
import { inTime } from '../support/deadline.ts'
import { ok, SECRET, startReceiver } from './receiver.ts'

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname

type Ended = { code: number; out: string; err: string }

async function runMain(argv: string[], stdin = '', env = {}): Promise<Ended> {
  const child = Bun.spawn([process.execPath, MAIN, ...argv], {
    stdin: new Blob([stdin]),
    stdout: 'pipe',
    stderr: 'pipe',
    env: { PATH: process.env.PATH, ...env },
  })
  const texts = Promise.all([child.stdout.text(), child.stderr.text(), child.exited])
  const [out, err, code] = await inTime(`ackbox ${argv.join(' ')}`, texts)
  return { code, out, err }
}

describe('the ackbox process', () => {
  test('says its version', async () => {
    expect(await runMain(['--version'])).toEqual({
      code: 0,
      out: `ackbox ${packageJson.version}\n`,
      err: '',
    })
  })

  test('shows its help', async () => {
    const { code, out, err } = await runMain(['--help'])
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain('Usage: ackbox COMMAND')
  })

  test('exits with 2 for an unknown option', async () => {
    expect(await runMain(['send', '--speed'])).toEqual({
      code: 2,
      out: '',
      err: "ackbox: unknown option '--speed'; see: ackbox send --help\n",
    })
  })

  test('sends the lines of its standard input', async () => {
    const receiver = startReceiver(() => ok('created'))
    const argv = ['send', '--url', receiver.url, '--file', '-']
    const ended = await runMain(argv, 'one\ntwo\n', { WEBHOOK_SECRET: SECRET })
    await receiver.close()
    expect(ended).toEqual({
      code: 0,
      out: 'created 2\nduplicate 0\nrefused 0\nfailed 0\n',
      err: '',
    })
    expect(receiver.arrivals.map(({ isSigned }) => isSigned)).toEqual([true, true])
  })
})
