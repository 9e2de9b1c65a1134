import assert from 'node:assert/strict'
import {
  get,
  listMessages,
  numberedMessage,
  post,
  waitUntilHealthy,
  waitUntilReady,
} from './client.ts'
import type { Composition } from './composition.ts'
import { startLoad } from './load.ts'
import { isObserved } from './observed.ts'

/** One thing that must hold; `run` throws when it does not. A failed `vital` one ends the run. */
export type Check = { name: string; vital?: true; run: (box: Composition) => Promise<void> }

const messages = Array.from({ length: 20 }, (_, number) => numberedMessage(number))
const STOP_SECONDS_MAX = 15

/** In this order: each one starts from what the one before it left. */
export const CHECKS: Check[] = [
  {
    name: 'the image builds',
    vital: true,
    run: async (box) => void (await box.compose('build')),
  },
  { name: 'without a secret it says so and does not start', run: refusesWithoutSecret },
  {
    name: 'compose brings it up and it becomes ready',
    vital: true,
    run: async (box) => {
      await box.compose('up', '--detach')
      await waitUntilReady(box.url, 30)
    },
  },
  { name: 'it runs as a user who is not root, and can gain no right', run: isUnprivileged },
  { name: 'its root file system is read-only and its data folder is not', run: isReadOnly },
  { name: 'it refuses a wrong signature', run: refusesWrongSignature },
  { name: 'it stores signed messages and lists them', run: storesAndLists },
  { name: 'it answers a copy and stores it once', run: storesOnce },
  { name: 'its own health check turns healthy', run: (box) => waitUntilHealthy(box, 40) },
  {
    name: 'the rows are there after a restart',
    run: async (box) => {
      await box.compose('restart')
      await holdsEveryRow(box)
    },
  },
  {
    name: 'the rows are there after a kill',
    run: async (box) => {
      await box.docker('kill', '--signal', 'KILL', await box.container())
      await box.compose('start')
      await holdsEveryRow(box)
    },
  },
  {
    name: 'the rows are there in a new container on the same volume',
    run: async (box) => {
      await box.compose('up', '--detach', '--force-recreate')
      await holdsEveryRow(box)
    },
  },
  {
    name: 'with the profile observe, Prometheus scrapes it by its token and has the alerts',
    run: (box) => isObserved(box, messages.length),
  },
  { name: 'every line on its standard output is JSON', run: logsJson },
  {
    name: 'a stop under load ends it in time with exit code 0, and loses nothing',
    run: stopsUnderLoad,
  },
  { name: 'a stop ends it in time with exit code 0', run: stopsInTime },
  { name: 'a stop leaves one closed database file', run: leavesOneFile },
  { name: 'it comes down with its volume', run: comesDown },
]

async function refusesWithoutSecret(box: Composition): Promise<void> {
  const { code, stderr } = await box.docker('run', '--rm', '--network', 'none', box.image)
  assert.notEqual(code, 0)
  assert.match(stderr, /WEBHOOK_SECRET/)
}

async function isUnprivileged(box: Composition): Promise<void> {
  const status = await box.docker('exec', await box.container(), 'cat', '/proc/1/status')
  assert.match(status.stdout, /^Name:\s+ackbox$/m)
  assert.match(status.stdout, /^Uid:\s+10001\s+10001\s/m)
  assert.match(status.stdout, /^CapBnd:\s+0+$/m)
  assert.match(status.stdout, /^NoNewPrivs:\s+1$/m)
}

async function isReadOnly(box: Composition): Promise<void> {
  const id = await box.container()
  const mounts = (await box.docker('exec', id, 'cat', '/proc/mounts')).stdout
  assert.match(mounts, /^\S+ \/ \S+ ro\b/m)
  assert.match(mounts, /^\S+ \/data \S+ rw\b/m)
  assert.equal((await box.docker('exec', id, 'test', '-w', '/data/app.db')).code, 0)
}

async function refusesWrongSignature(box: Composition): Promise<void> {
  assert.equal(await post(box.url, 'another secret', numberedMessage(0)), 401)
  assert.deepEqual(await listMessages(box.url), [])
}

async function storesAndLists(box: Composition): Promise<void> {
  const answers = messages.toReversed().map((message) => post(box.url, box.secret, message))
  assert.deepEqual(new Set(await Promise.all(answers)), new Set([200]))
  assert.deepEqual(await listMessages(box.url), messages)
}

async function storesOnce(box: Composition): Promise<void> {
  assert.equal(await post(box.url, box.secret, numberedMessage(7)), 200)
  assert.deepEqual(await listMessages(box.url), messages)
}

async function holdsEveryRow(box: Composition): Promise<void> {
  await waitUntilReady(box.url, 30)
  assert.deepEqual(await listMessages(box.url), messages)
}

async function logsJson(box: Composition): Promise<void> {
  const { stdout, stderr } = await box.docker('logs', await box.container())
  const lines = stdout.trim().split('\n')
  assert.ok(lines.length > 1, 'there are log lines')
  for (const line of lines) assert.equal(typeof JSON.parse(line), 'object')
  assert.equal(stderr, '')
}

async function stopsInTime(box: Composition): Promise<void> {
  const start = performance.now()
  await box.compose('stop')
  const seconds = (performance.now() - start) / 1000
  const format = '{{.State.ExitCode}} {{.State.OOMKilled}}'
  const state = await box.docker('inspect', '--format', format, await box.container())
  assert.equal(state.stdout.trim(), '0 false')
  assert.ok(seconds < STOP_SECONDS_MAX, `stopped after ${seconds.toFixed(1)} s`)
}

async function stopsUnderLoad(box: Composition): Promise<void> {
  const load = startLoad(box.url, box.secret)
  await load.running
  await stopsInTime(box)
  const { acknowledged, unknown } = await load.ended
  assert.ok(acknowledged.length > 0, 'something was acknowledged under load')
  await box.compose('start')
  await waitUntilReady(box.url, 30)
  for (const id of acknowledged) await get(box.url, `/messages/${id}`)
  const { total_messages } = await get<{ total_messages: number }>(box.url, '/stats')
  const more = total_messages - messages.length - acknowledged.length
  assert.ok(more >= 0 && more <= unknown, `${more} rows too many`)
}

async function leavesOneFile(box: Composition): Promise<void> {
  const mount = ['--volume', `${box.volume}:/data`, '--network', 'none', '--entrypoint', 'ls']
  const { stdout } = await box.docker('run', '--rm', ...mount, box.image, '/data')
  const files = stdout.split('\n').filter((file) => file.startsWith('app.db'))
  assert.ok(files.includes('app.db'))
  assert.deepEqual(
    files.filter((file) => /-(wal|journal)$/.test(file)),
    [],
  )
}

async function comesDown(box: Composition): Promise<void> {
  await box.close()
  assert.equal(await box.container(), '')
  assert.notEqual((await box.docker('volume', 'inspect', box.volume)).code, 0)
}
