import { expect, test } from 'bun:test'
import { writeFileSync } from 'node:fs'
import { makeTargets } from './makefile.ts'
import { run, start } from './terminal.ts'
import { openWorkspace } from './workspace.ts'

/** Most of it is for a machine that is busy with other tests. */
const MAKE_MILLISECONDS = 30_000

test(
  'make alone prints every target with what it does',
  async () => {
    using workspace = openWorkspace()
    const { code, stdout, stderr } = await run('make', workspace)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const listed = [...stdout.matchAll(/^ +(\S+) +\S/gm)].map(([, name]) => name)
    expect(listed).toEqual(makeTargets())
  },
  MAKE_MILLISECONDS,
)

test(
  'make run prints nothing on standard output but JSON lines',
  async () => {
    using workspace = openWorkspace()
    await using service = start('make run', workspace, { HOST: '127.0.0.1', PORT: '0' })
    const url = await service.listening()
    expect((await fetch(`${url}/health/ready`)).status).toBe(200)
    const { stdout } = await service.interrupt()
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map(({ msg, path }) => msg ?? path)).toEqual([
      'listening',
      expect.stringMatching(/^open to whoever reaches this port: /),
      '/health/ready',
      'stopping',
      'stopped',
    ])
  },
  MAKE_MILLISECONDS,
)

test(
  'make start without a secret ends with one clear line',
  async () => {
    using workspace = openWorkspace()
    const { code, stdout, stderr } = await run('make start', workspace)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    const lines = stderr.trimEnd().split('\n')
    // The one line that is not ours is make's, which says which target failed.
    expect(lines.filter((line) => !line.startsWith('make: ***'))).toEqual([
      'ackbox: WEBHOOK_SECRET is missing or empty: ' +
        'set it, or WEBHOOK_SECRET_FILE to a file that holds it',
    ])
  },
  MAKE_MILLISECONDS,
)

// Compose reads that file, so one may lie beside the Makefile; settings come from the environment.
test(
  'make start takes no secret from a file named .env',
  async () => {
    using workspace = openWorkspace()
    writeFileSync(workspace.file('.env'), 'WEBHOOK_SECRET=a-secret-of-compose\n')
    const script = 'WEBHOOK_SECRET_FILE=absent make start'
    expect((await run(script, workspace)).stderr).toContain(
      'ackbox: WEBHOOK_SECRET cannot be read from its file',
    )
  },
  MAKE_MILLISECONDS,
)
