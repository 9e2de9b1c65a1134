import { expect, setDefaultTimeout, test } from 'bun:test'
import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { until } from '../support/deadline.ts'
import { breakCalls, type Disk, openDisk } from '../support/disk.ts'
import { openFolder } from '../support/folder.ts'
import { startProcess, type TestProcess } from '../support/process.ts'
import { withProgram } from '../support/program.ts'
import { delivery } from '../support/signer.ts'

// Above the deadlines of what is waited for, so that those say what did not happen.
setDefaultTimeout(60_000)

const MIB = 1_048_576

/** Four KiB that a full page of the disk holds. */
const TEXT = 'x'.repeat(4000)

interface Page {
  readonly data: readonly { message_id: string }[]
}

/** Sends to a service, and keeps what it acknowledged. */
function openSender(url: string, acknowledged: string[]) {
  const send = async () => {
    const message_id = crypto.randomUUID()
    const response = await fetch(`${url}/webhook`, delivery({ message_id, text: TEXT }))
    if (response.status === 200) acknowledged.push(message_id)
    return response
  }
  return {
    send,
    /** Sends until something is refused; resolves to that refusal. */
    sendUntilRefused: () =>
      until('a refusal', async () => {
        const response = await send()
        return response.status === 200 ? undefined : response
      }),
    sendUntilTaken: () => until('a message is taken', async () => (await send()).status === 200),
  }
}

async function listAll(url: string): Promise<string[]> {
  const ids: string[] = []
  for (;;) {
    const response = await fetch(`${url}/messages?limit=100&offset=${ids.length}`)
    expect(response.status).toBe(200)
    const { data } = (await response.json()) as Page
    ids.push(...data.map(({ message_id }) => message_id))
    if (data.length === 0) return ids.toSorted()
  }
}

/** All reads answer, and they answer with what was acknowledged. */
async function expectReads(url: string, acknowledged: readonly string[]): Promise<void> {
  expect(await listAll(url)).toEqual(acknowledged.toSorted())
  const stats = (await (await fetch(`${url}/stats`)).json()) as { total_messages: number }
  expect(stats.total_messages).toBe(acknowledged.length)
  for (const path of [`/messages/${acknowledged[0]}`, '/messages?q=xxxx', '/stats/volume']) {
    expect([path, (await fetch(url + path)).status]).toEqual([path, 200])
  }
}

async function expectRefusal(response: Response, detail: string): Promise<void> {
  expect(response.status).toBe(503)
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await response.json()).toEqual({ detail })
}

const reasonOf = async (url: string) => {
  const response = await fetch(`${url}/health/ready`)
  const { reason } = (await response.json()) as { reason?: string }
  return [response.status, reason]
}

/** A database on the disk, which may be filled. */
const toTheLastByte = (disk: Disk) => ({
  DATABASE_URL: `sqlite:///${disk.file('app.db')}`,
  DISK_FREE_BYTES_MIN: '0',
})

/** Stops a service in order. */
async function stop(service: TestProcess): Promise<void> {
  service.signal('SIGTERM')
  expect(await service.exited()).toBe(0)
}

withProgram('unshare', () => {
  test('refuses on a full disk, loses nothing, reads on, and goes on by itself', async () => {
    await using disk = await openDisk(16 * MIB)
    const variables = toTheLastByte(disk)
    const acknowledged: string[] = []
    {
      await using service = disk.start(variables)
      const url = await service.url()
      const sender = openSender(url, acknowledged)
      for (let n = 0; n < 20; n += 1) await sender.send()
      await expectReads(url, acknowledged)
      disk.fill(0)
      await expectRefusal(await sender.sendUntilRefused(), 'storage full')
      await until('not ready', async () => (await reasonOf(url))[0] === 503)
      expect(await reasonOf(url)).toEqual([503, 'storage full'])
      expect((await fetch(`${url}/health/live`)).status).toBe(200)
      await expectReads(url, acknowledged)
      disk.empty()
      await sender.sendUntilTaken()
      expect(await reasonOf(url)).toEqual([200, undefined])
      await expectReads(url, acknowledged)
      await stop(service)
    }
    await using service = disk.start(variables)
    await expectReads(await service.url(), acknowledged)
  })
})

withProgram('unshare', () => {
  test('refuses while less than DISK_FREE_BYTES_MIN is free, and has room to settle', async () => {
    await using disk = await openDisk(32 * MIB)
    const variables = {
      DATABASE_URL: `sqlite:///${disk.file('app.db')}`,
      DISK_FREE_BYTES_MIN: String(16 * MIB),
    }
    const acknowledged: string[] = []
    await using service = disk.start(variables)
    const url = await service.url()
    const sender = openSender(url, acknowledged)
    for (let n = 0; n < 20; n += 1) await sender.send()
    disk.fill(12 * MIB)
    await expectRefusal(await sender.sendUntilRefused(), 'storage full')
    expect(disk.freeBytes()).toBeGreaterThan(10 * MIB)
    expect(await reasonOf(url)).toEqual([503, 'storage full'])
    await expectReads(url, acknowledged)
    disk.empty()
    expect(await reasonOf(url)).toEqual([200, undefined])
    expect((await sender.send()).status).toBe(200)
    disk.fill(12 * MIB)
    await sender.sendUntilRefused()
    // In order even now: all is settled, and the log is copied into the database.
    await stop(service)
    expect(statSync(disk.outside('app.db-wal'), { throwIfNoEntry: false })).toBeUndefined()
    disk.empty()
    await using again = disk.start(variables)
    await expectReads(await again.url(), acknowledged)
  })
})

const FAULTS = [
  { calls: 'pwrite64', error: 'EIO', reason: 'database not ready' },
  { calls: 'fsync,fdatasync', error: 'EIO', reason: 'database not ready' },
  { calls: 'pwrite64', error: 'EROFS', reason: 'database not ready' },
  { calls: 'pwrite64', error: 'EDQUOT', reason: 'database not ready' },
  { calls: 'pwrite64', error: 'ENOSPC', reason: 'storage full' },
]

withProgram('strace', () => {
  test.each(FAULTS)('goes on by itself after $calls failed with $error', async (fault) => {
    using folder = openFolder()
    const variables = { DATABASE_URL: `sqlite:///${folder.file('app.db')}` }
    const acknowledged: string[] = []
    {
      await using service = startProcess(variables)
      const url = await service.url()
      const sender = openSender(url, acknowledged)
      for (let n = 0; n < 20; n += 1) await sender.send()
      // So that what searches by the index is open: that writes.
      await expectReads(url, acknowledged)
      {
        await using _broken = await breakCalls(service.pid, fault)
        await expectRefusal(await sender.send(), fault.reason)
        expect(await reasonOf(url)).toEqual([503, fault.reason])
        await expectReads(url, acknowledged)
      }
      await sender.sendUntilTaken()
      expect(await reasonOf(url)).toEqual([200, undefined])
      await expectReads(url, acknowledged)
      service.signal('SIGKILL')
      await service.exited()
    }
    await using service = startProcess(variables)
    await expectReads(await service.url(), acknowledged)
  })
})

withProgram('unshare', () => {
  test('does not start on a read-only disk, and has everything once that is writable', async () => {
    await using disk = await openDisk(16 * MIB)
    const variables = toTheLastByte(disk)
    const acknowledged: string[] = []
    {
      await using service = disk.start(variables)
      const sender = openSender(await service.url(), acknowledged)
      for (let n = 0; n < 20; n += 1) await sender.send()
      service.signal('SIGKILL')
      await service.exited()
    }
    await disk.remount('ro')
    await using refused = disk.start(variables)
    expect(await refused.exited()).toBe(1)
    expect(refused.stderr()).toMatch(/^ackbox: cannot open [^\n]+\n$/)
    await disk.remount('rw')
    await using service = disk.start(variables)
    await expectReads(await service.url(), acknowledged)
  })
})

test('refuses while the folder of its database is away, and goes on when it is back', async () => {
  using folder = openFolder()
  const [place, aside] = [folder.file('data'), folder.file('aside')]
  mkdirSync(place)
  const acknowledged: string[] = []
  await using service = startProcess({ DATABASE_URL: `sqlite:///${place}/app.db` })
  const url = await service.url()
  const sender = openSender(url, acknowledged)
  for (let n = 0; n < 20; n += 1) await sender.send()
  renameSync(place, aside)
  await expectRefusal(await sender.send(), 'database not ready')
  expect(await reasonOf(url)).toEqual([503, 'database not ready'])
  renameSync(aside, place)
  await sender.sendUntilTaken()
  expect(await reasonOf(url)).toEqual([200, undefined])
  const stored = await listAll(url)
  expect(acknowledged.filter((id) => !stored.includes(id))).toEqual([])
  rmSync(place, { recursive: true })
  await expectRefusal(await sender.send(), 'database not ready')
  expect((await fetch(`${url}/health/live`)).status).toBe(200)
  expect(await listAll(url)).toEqual(expect.arrayContaining(acknowledged))
})
