import { expect, setDefaultTimeout, test } from 'bun:test'
import { until } from '../support/deadline.ts'
import { openFolder } from '../support/folder.ts'
import { startProcess } from '../support/process.ts'
import { delivery } from '../support/signer.ts'

// Above the deadlines of what is waited for, so that those say what did not happen.
setDefaultTimeout(30_000)

const WAITING = 'waiting for another process to leave the database'

const at = (path: string, seconds: string) => ({
  DATABASE_URL: `sqlite:///${path}`,
  LOCK_WAIT_SECONDS: seconds,
})

const totalOf = async (url: string) => {
  const stats = (await (await fetch(`${url}/stats`)).json()) as { total_messages: number }
  return stats.total_messages
}

const linesThatWait = (log: string) => log.split('\n').filter((line) => line.includes(WAITING))

/** Posts new ids one after another for as long as the service answers; returns how many it took. */
async function postUntilGone(url: string, name: string): Promise<number> {
  for (let count = 0; ; count += 1) {
    const response = await fetch(
      `${url}/webhook`,
      delivery({ message_id: `${name}-${count}` }),
    ).catch(() => undefined)
    if (response?.status !== 200) return count
  }
}

test.each(['SIGTERM', 'SIGKILL'] as const)(
  'hands the database over under load to a process that waits, at %s',
  async (signal) => {
    using folder = openFolder()
    const path = folder.file('app.db')
    await using first = startProcess(at(path, '0'))
    const url = await first.url()
    const lanes = Array.from({ length: 8 }, (_, n) => postUntilGone(url, `lane${n}`))
    await until('some messages', async () => (await totalOf(url)) > 50)
    await using second = startProcess(at(path, '30'))
    await second.logged(WAITING)
    expect(second.stdout()).not.toContain('listening')
    first.signal(signal)
    const acknowledged = (await Promise.all(lanes)).reduce((sum, count) => sum + count, 0)
    const stored = await totalOf(await second.url())
    expect(stored).toBeGreaterThanOrEqual(acknowledged)
    // A kill between commit and answer leaves at most what was in flight.
    expect(stored - acknowledged).toBeLessThanOrEqual(signal === 'SIGTERM' ? 0 : lanes.length)
    expect(linesThatWait(second.stdout()).length).toBe(1)
  },
)

test('is refused at the end of its wait, which disturbs nobody', async () => {
  using folder = openFolder()
  const path = folder.file('app.db')
  await using first = startProcess(at(path, '0'))
  const url = await first.url()
  await using second = startProcess(at(path, '1'))
  expect(await second.exited()).toBe(1)
  expect(linesThatWait(second.stdout()).length).toBe(1)
  expect(second.stderr()).toContain('app.db is in use by another ackbox process')
  expect((await fetch(`${url}/health/ready`)).status).toBe(200)
})

test.each(['SIGTERM', 'SIGINT'] as const)('ends at %s while it waits', async (signal) => {
  using folder = openFolder()
  const path = folder.file('app.db')
  await using first = startProcess(at(path, '0'))
  const url = await first.url()
  await using second = startProcess(at(path, '3600'))
  await second.logged(WAITING)
  second.signal(signal)
  expect(await second.exited()).toBe(0)
  expect(second.stdout()).toContain('"msg":"stopping"')
  expect((await fetch(`${url}/health/ready`)).status).toBe(200)
})

test('asks for no wait where nobody has the database', async () => {
  using folder = openFolder()
  await using service = startProcess(at(folder.file('app.db'), '3600'))
  expect((await fetch(`${await service.url()}/health/ready`)).status).toBe(200)
  expect(linesThatWait(service.stdout())).toEqual([])
})
