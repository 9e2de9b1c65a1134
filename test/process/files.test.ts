import { expect, setDefaultTimeout, test } from 'bun:test'
import { linkSync, mkdirSync, renameSync, rmSync, symlinkSync, truncateSync } from 'node:fs'
import { openFolder } from '../support/folder.ts'
import { startProcess } from '../support/process.ts'
import { delivery } from '../support/signer.ts'

// Above the deadlines of what is waited for, so that those say what did not happen.
setDefaultTimeout(30_000)

const at = (path: string) => ({ DATABASE_URL: `sqlite:///${path}` })

test('opens a database behind a symbolic link again after kill -9', async () => {
  using folder = openFolder()
  mkdirSync(folder.file('real'))
  symlinkSync('real/app.db', folder.file('app.db'))
  {
    // It was never closed in order, so that most of its pages are in the WAL alone.
    await using service = startProcess(at(folder.file('app.db')))
    const url = await service.url()
    expect((await fetch(`${url}/webhook`, delivery())).status).toBe(200)
    service.signal('SIGKILL')
    await service.exited()
  }
  await using service = startProcess(at(folder.file('app.db')))
  const url = await service.url()
  expect((await fetch(`${url}/messages/m1`)).status).toBe(200)
})

test('refuses a second process on its database by the name of a symbolic link', async () => {
  using folder = openFolder()
  await using first = startProcess(at(folder.file('app.db')))
  await first.url()
  symlinkSync(folder.file('app.db'), folder.file('link.db'))
  await using second = startProcess(at(folder.file('link.db')))
  expect(await second.exited()).toBe(1)
  expect(second.stderr()).toContain('app.db is in use by another ackbox process')
})

test('refuses a second process also where the first made the file through the link', async () => {
  using folder = openFolder()
  symlinkSync(folder.file('app.db'), folder.file('link.db'))
  await using first = startProcess(at(folder.file('link.db')))
  await first.url()
  await using second = startProcess(at(folder.file('app.db')))
  expect(await second.exited()).toBe(1)
  expect(second.stderr()).toContain('app.db is in use by another ackbox process')
})

const HARMS: readonly [string, (path: string) => void][] = [
  ['deleted', (path) => rmSync(path)],
  ['moved away', (path) => renameSync(path, `${path}.old`)],
  ['emptied', (path) => truncateSync(path, 0)],
  ['left without its WAL', (path) => rmSync(`${path}-wal`)],
]

test.each(HARMS)('acknowledges nothing once its database is %s', async (_, harm) => {
  using folder = openFolder()
  await using service = startProcess(at(folder.file('app.db')))
  const url = await service.url()
  expect((await fetch(`${url}/webhook`, delivery())).status).toBe(200)
  harm(folder.file('app.db'))
  const refused = await fetch(`${url}/webhook`, delivery({ message_id: 'm2' }))
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
  const ready = await fetch(`${url}/health/ready`)
  expect(await ready.json()).toEqual({ status: 'not ready', reason: 'database not ready' })
})

test('goes on by itself once a database that was moved away is back', async () => {
  using folder = openFolder()
  await using service = startProcess(at(folder.file('app.db')))
  const url = await service.url()
  renameSync(folder.file('app.db'), folder.file('away'))
  expect((await fetch(`${url}/health/ready`)).status).toBe(503)
  renameSync(folder.file('away'), folder.file('app.db'))
  expect((await fetch(`${url}/webhook`, delivery())).status).toBe(200)
  expect((await fetch(`${url}/health/ready`)).status).toBe(200)
})

test('keeps a WAL whose database is gone, and takes it up again when that is back', async () => {
  using folder = openFolder()
  const path = folder.file('app.db')
  {
    await using service = startProcess(at(path))
    expect((await fetch(`${await service.url()}/webhook`, delivery())).status).toBe(200)
    service.signal('SIGKILL')
    await service.exited()
  }
  renameSync(path, `${path}.aside`)
  await using refused = startProcess(at(path))
  expect(await refused.exited()).toBe(1)
  expect(refused.stderr()).toContain('app.db-wal has lost its database')
  renameSync(`${path}.aside`, path)
  await using service = startProcess(at(path))
  expect(await (await fetch(`${await service.url()}/stats`)).json()).toMatchObject({
    total_messages: 1,
  })
})

test('refuses a database that has a second name by a hard link', async () => {
  using folder = openFolder()
  await using service = startProcess(at(folder.file('app.db')))
  await service.url()
  linkSync(folder.file('app.db'), folder.file('other.db'))
  await using second = startProcess(at(folder.file('other.db')))
  expect(await second.exited()).toBe(1)
  expect(second.stderr()).toContain('other.db has a second name, a hard link')
})
