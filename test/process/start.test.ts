import { expect, setDefaultTimeout, test } from 'bun:test'
import { mkdirSync, writeFileSync } from 'node:fs'
import { openFolder } from '../support/folder.ts'
import { startProcess } from '../support/process.ts'
import { SECRET } from '../support/signer.ts'

// Above the deadlines of what is waited for, so that those say what did not happen.
setDefaultTimeout(30_000)

const MEMORY = 'sqlite:///:memory:'

/** What a process that cannot start says, line by line. */
async function refusalOf(variables: Record<string, string | undefined>): Promise<string[]> {
  await using service = startProcess(variables)
  expect(await service.exited()).toBe(1)
  expect(service.stdout()).toBe('')
  expect(service.stderr()).not.toContain('    at ')
  return service.stderr().split('\n').slice(0, -1)
}

test.each([['missing', undefined] as const, ['empty', ''] as const])(
  'says in one line that the secret is %s',
  async (_, secret) => {
    const lines = await refusalOf({ WEBHOOK_SECRET: secret, DATABASE_URL: MEMORY })
    expect(lines).toEqual([expect.stringMatching(/^ackbox: WEBHOOK_SECRET is missing or empty/)])
  },
)

test('says all that is wrong with the environment at once, a line each', async () => {
  const lines = await refusalOf({
    WEBHOOK_SECRET: undefined,
    DATABASE_URL: 'mysql://a/b',
    LOG_LEVEL: 'loud',
    PORT: '1e3',
    BODY_BYTES_MAX: '-1',
  })
  expect(lines.map((line) => line.split(' ')[1])).toEqual([
    'WEBHOOK_SECRET',
    'DATABASE_URL',
    'LOG_LEVEL',
    'PORT',
    'BODY_BYTES_MAX',
  ])
})

test('says in one line that its port is in use', async () => {
  const holder = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data: () => {} } })
  try {
    const lines = await refusalOf({ DATABASE_URL: MEMORY, PORT: String(holder.port) })
    expect(lines).toEqual([expect.stringContaining(`port ${holder.port} is in use`)])
  } finally {
    holder.stop(true)
  }
})

test('says in one line that two services cannot share a port', async () => {
  await using first = startProcess({ DATABASE_URL: MEMORY })
  const { port } = new URL(await first.url())
  const lines = await refusalOf({ DATABASE_URL: MEMORY, PORT: port })
  expect(lines).toEqual([expect.stringContaining(`port ${port} is in use`)])
})

test('says in one line why a path cannot hold a database', async () => {
  using folder = openFolder()
  writeFileSync(folder.file('plain'), 'some text that is no database, and long enough\n'.repeat(9))
  mkdirSync(folder.file('folder'))
  for (const name of ['plain', 'plain/below/app.db', 'folder']) {
    const path = folder.file(name)
    const lines = await refusalOf({ DATABASE_URL: `sqlite:///${path}` })
    expect(lines).toEqual([expect.stringMatching(/^ackbox: /)])
    expect(lines[0]).toContain(path.replace(/\/below.*/, ''))
  }
})

test('makes the folders above its database, and speaks nothing but JSON on stdout', async () => {
  using folder = openFolder()
  const path = folder.file('a/b/c/app.db')
  await using service = startProcess({ DATABASE_URL: `sqlite:///${path}`, LOG_LEVEL: 'debug' })
  expect((await fetch(`${await service.url()}/health/ready`)).status).toBe(200)
  service.signal('SIGTERM')
  expect(await service.exited()).toBe(0)
  const lines = service.stdout().split('\n').slice(0, -1)
  expect(lines.map((line) => typeof JSON.parse(line))).toEqual(lines.map(() => 'object'))
  expect(service.stdout()).not.toContain(SECRET)
  expect(service.stderr()).toBe('')
})

test('refuses a database that another process has open, which goes on undisturbed', async () => {
  using folder = openFolder()
  const variables = { DATABASE_URL: `sqlite:///${folder.file('app.db')}` }
  await using first = startProcess(variables)
  const url = await first.url()
  const lines = await refusalOf(variables)
  expect(lines).toEqual([expect.stringContaining('is in use by another ackbox process')])
  expect((await fetch(`${url}/health/ready`)).status).toBe(200)
})
