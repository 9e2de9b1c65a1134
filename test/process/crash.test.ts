import { expect, setDefaultTimeout, test } from 'bun:test'
import { until } from '../support/deadline.ts'
import { openFolder } from '../support/folder.ts'
import { startProcess } from '../support/process.ts'
import { delivery } from '../support/signer.ts'

// Above the deadlines of what is waited for, so that those say what did not happen.
setDefaultTimeout(30_000)

const SENDERS = 32
const ACKNOWLEDGED_BEFORE_KILL = 300

/** Posts new ids one after another until the service is gone; notes each that was acknowledged. */
async function sendUntilGone(url: string, name: number, acknowledged: string[]): Promise<void> {
  for (let n = 0; ; n += 1) {
    const message_id = `${name}-${n}`
    try {
      const response = await fetch(`${url}/webhook`, delivery({ message_id, from: `+${name}` }))
      if ((await response.text()) === '{"status":"ok"}') acknowledged.push(message_id)
    } catch {
      return
    }
  }
}

/** All ids that the service lists, page by page. */
async function listAll(url: string): Promise<string[]> {
  const ids: string[] = []
  for (;;) {
    const response = await fetch(`${url}/messages?limit=100&offset=${ids.length}`)
    const { data } = (await response.json()) as { data: { message_id: string }[] }
    if (data.length === 0) return ids
    ids.push(...data.map(({ message_id }) => message_id))
  }
}

/** Ends a service by a signal while many senders post; returns what it acknowledged. */
async function endUnderLoad(variables: Record<string, string>, signal: 'SIGKILL' | 'SIGTERM') {
  const acknowledged: string[] = []
  await using service = startProcess(variables)
  const url = await service.url()
  const senders = Array.from({ length: SENDERS }, (_, n) => sendUntilGone(url, n, acknowledged))
  await until('enough messages', () => acknowledged.length >= ACKNOWLEDGED_BEFORE_KILL)
  service.signal(signal)
  const exit = await service.exited()
  await Promise.all(senders)
  return { acknowledged, exit }
}

test('has every acknowledged message exactly once after kill -9 under load', async () => {
  using folder = openFolder()
  const variables = { DATABASE_URL: `sqlite:///${folder.file('app.db')}` }
  const { acknowledged, exit } = await endUnderLoad(variables, 'SIGKILL')
  expect(exit).toBe(137)
  await using service = startProcess(variables)
  const url = await service.url()
  const stored = await listAll(url)
  expect(new Set(stored).size).toBe(stored.length)
  expect(acknowledged.filter((id) => !stored.includes(id))).toEqual([])
  // A kill between commit and answer leaves at most what was in flight.
  expect(stored.length - acknowledged.length).toBeLessThanOrEqual(SENDERS)
  const again = await fetch(`${url}/webhook`, delivery({ message_id: acknowledged[0] }))
  expect(again.headers.get('x-ackbox-result')).toBe('duplicate')
})

test('loses nothing it acknowledged when it is stopped under load', async () => {
  using folder = openFolder()
  const variables = { DATABASE_URL: `sqlite:///${folder.file('app.db')}` }
  const { acknowledged, exit } = await endUnderLoad(variables, 'SIGTERM')
  expect(exit).toBe(0)
  await using service = startProcess(variables)
  const stored = await listAll(await service.url())
  // All that was accepted was answered too, so the two are the same.
  expect(stored.toSorted()).toEqual(acknowledged.toSorted())
})

test('goes on when nobody reads its log any more', async () => {
  using folder = openFolder()
  // Below those that the system hands out for connections.
  const port = String(20_000 + Math.floor(Math.random() * 10_000))
  // The shell becomes the service, so signals reach it; head alone holds our end of stdout.
  const shell = 'mkfifo "$LOG" && { head -n 1 "$LOG" & } && exec "$@" >"$LOG"'
  const variables = { DATABASE_URL: 'sqlite:///:memory:', LOG: folder.file('log'), PORT: port }
  await using service = startProcess(variables, shell)
  const url = await service.url()
  for (let n = 0; n < 200; n += 1) {
    const response = await fetch(`${url}/webhook`, delivery({ message_id: `m${n}` }))
    expect(response.status).toBe(200)
  }
  expect(service.stdout().split('\n').length).toBe(2)
  service.signal('SIGTERM')
  expect(await service.exited()).toBe(0)
  expect(service.stderr()).toBe('')
})

test('says 503 while the disk takes no more, keeps what it has, and is not ready', async () => {
  using folder = openFolder()
  const variables = { DATABASE_URL: `sqlite:///${folder.file('app.db')}` }
  // A limit on file sizes, in blocks of 512 bytes, fails a write as a full disk does.
  const shell = `trap '' XFSZ; ulimit -f 400; exec "$@"`
  const acknowledged: string[] = []
  {
    await using service = startProcess(variables, shell)
    const url = await service.url()
    const text = 'x'.repeat(4000)
    const refusal = await until('a refusal', async () => {
      const message_id = `m${acknowledged.length}`
      const response = await fetch(`${url}/webhook`, delivery({ message_id, text }))
      if (response.status !== 200) return response
      acknowledged.push(message_id)
    })
    expect(refusal.status).toBe(503)
    expect(Number(refusal.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await refusal.json()).toEqual({ detail: expect.any(String) })
    // Each check writes a little, so that it takes some until there is no room for that either.
    await until('not ready', async () => (await fetch(`${url}/health/ready`)).status === 503)
    expect((await fetch(`${url}/health/live`)).status).toBe(200)
    expect((await listAll(url)).toSorted()).toEqual(acknowledged.toSorted())
    service.signal('SIGKILL')
    await service.exited()
  }
  await using service = startProcess(variables)
  const stored = await listAll(await service.url())
  expect(stored.toSorted()).toEqual(acknowledged.toSorted())
})
