import { describe, expect, test } from 'bun:test'
import packageJson from '../../package.json' with { type: 'json' }
import { COMMANDS } from '../../src/cli/commands.ts'
import { openConsole } from './console.ts'

describe('the help', () => {
  test.each(['--help', '-h', 'help'])('lists every command for %s', async (word) => {
    const console = openConsole()
    expect(await console.run(word)).toBe(0)
    for (const { name, summary } of COMMANDS) {
      expect(console.out()).toMatch(new RegExp(`^ {2}${name} +${summary.slice(0, 20)}`, 'm'))
    }
    expect(console.err()).toBe('')
  })

  test.each(COMMANDS.map((row) => row.name))('lists every option of %s', async (name) => {
    const [asked, suffixed] = [openConsole(), openConsole()]
    expect(await asked.run('help', name)).toBe(0)
    expect(await suffixed.run(name, '--help')).toBe(0)
    expect(suffixed.out()).toBe(asked.out())
    const row = COMMANDS.find((candidate) => candidate.name === name)
    expect(asked.out()).toStartWith(`Usage: ackbox ${name}`)
    for (const option of row?.options ?? []) {
      expect(asked.out()).toMatch(new RegExp(`--${option.name}[ \\n].*${option.help.slice(0, 9)}`))
    }
  })

  test('shows the default of a number and of a text', async () => {
    const console = openConsole()
    await console.run('send', '--help')
    expect(console.out()).toContain('posts at a time, 1 to 256 (default: 32)')
    expect(console.out()).toContain(
      '(default: /webhook or /webhook/whatsapp on http://127.0.0.1:8000)',
    )
  })

  test.each(['--version', '-V'])('says the version of package.json for %s', async (word) => {
    const console = openConsole()
    expect(await console.run(word)).toBe(0)
    expect(console.out()).toBe(`ackbox ${packageJson.version}\n`)
  })
})

describe('a line that cannot be meant', () => {
  const lines: [string[], string][] = [
    [[], 'no command given; see: ackbox --help'],
    [['sned'], "unknown command 'sned'; see: ackbox --help"],
    [['--sned'], "unknown option '--sned'; see: ackbox --help"],
    [['help', 'sned'], "unknown command 'sned'; see: ackbox --help"],
    [['send', '--speed'], "unknown option '--speed'; see: ackbox send --help"],
    [['healthcheck', '-z'], "unknown option '-z'; see: ackbox healthcheck --help"],
    [['send', 'word'], "unexpected argument 'word'; see: ackbox send --help"],
    [['send', '--text', '-x'], "option '--text' argument is ambiguous (write --name=-value)"],
    [['send', '--concurrency', '0'], '--concurrency must be a whole number from 1 to 256'],
    [['send', '--concurrency', '257'], '--concurrency must be a whole number from 1 to 256'],
    [['send', '--concurrency', '1e1'], '--concurrency must be a whole number from 1 to 256'],
    [['send', '--timeout', '0'], '--timeout must be a number from 0.001 to 3600'],
    [['send', '--secret', ''], 'the secret of --secret is empty'],
    [['send', '--secret', 'x', '--url', 'ftp://a/'], '--url must be an http or https URL'],
    [['send', '--secret', 'x', '--secret-file', 'y'], '--secret or --secret-file, not both'],
    [['send', '--secret', 'x', '--file', '-', '--id', '1'], '--id is for one message'],
    [['send', '--secret', 'x', '--file', '/no/such/file'], 'cannot read --file: ENOENT'],
    [['send', '--secret', 'x', '--file', '/'], '--file / is a directory'],
    [['send', '--secret-file', '/no/such/file'], 'cannot read the secret: ENOENT'],
    [['send'], 'no secret to sign with: set WEBHOOK_SECRET or give --secret-file'],
  ]
  test.each(lines)('is answered in one line and with 2: %p', async (argv, problem) => {
    const console = openConsole()
    expect(await console.run(...argv)).toBe(2)
    expect(console.err()).toContain(problem)
    expect(console.err()).toMatch(/^ackbox: [^\n]+; see: ackbox [^\n]*--help\n$/)
    expect(console.out()).toBe('')
    expect(console.listeners()).toBe(0)
  })
})
