import { expect, setDefaultTimeout, test } from 'bun:test'
import { mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { blocks, readDocument } from '../docs/document.ts'
import { run } from '../docs/terminal.ts'
import { until } from '../support/deadline.ts'
import { type Folder, openFolder } from '../support/folder.ts'
import { startProcess } from '../support/process.ts'
import { delivery } from '../support/signer.ts'

// Above the deadlines of what is waited for, so that those say what did not happen.
setDefaultTimeout(60_000)

const LANES = 16

const ROOT = join(import.meta.dir, '../..')

/** What the operations page says about backup and restore, command by command. */
const BLOCKS = blocks(readDocument('docs/operations.md')).map(({ text }) => text)

/** The page's block that has this in it; throws where there is not exactly one. */
function blockWith(words: string): string {
  const [block, ...more] = BLOCKS.filter((text) => text.includes(words))
  if (block === undefined || more.length > 0) throw new Error(`not one block has ${words}`)
  return block
}

/** Runs a block of the page in a folder, with the page's folders in the place of those it names. */
async function play(block: string, folder: Folder) {
  const script = block.replaceAll('sqlite:////data/', 'sqlite:///').replaceAll('/backups/', '')
  const ackbox = `ackbox() { '${process.execPath}' '${join(ROOT, 'src/main.ts')}' "$@"; }`
  const { code, stdout, stderr } = await run(`${ackbox}\n${script}`, folder)
  expect([code, stderr]).toEqual([0, ''])
  return stdout
}

const on = (folder: Folder) => ({ DATABASE_URL: `sqlite:///${folder.file('app.db')}` })

interface Page {
  readonly total: number
  readonly data: readonly { message_id: string }[]
}

async function listAll(url: string): Promise<string[]> {
  const ids: string[] = []
  for (;;) {
    const response = await fetch(`${url}/messages?limit=100&offset=${ids.length}`)
    const page = (await response.json()) as Page
    ids.push(...page.data.map(({ message_id }) => message_id))
    if (page.data.length === 0) return ids
  }
}

test('restores as the operations page says what was backed up under load', async () => {
  using folder = openFolder()
  const acknowledged: string[] = []
  let before: readonly string[]
  {
    await using service = startProcess(on(folder))
    const url = await service.url()
    let sending = true
    const lane = async () => {
      while (sending) {
        const message_id = crypto.randomUUID()
        const response = await fetch(`${url}/webhook`, delivery({ message_id }))
        expect(response.status).toBe(200)
        acknowledged.push(message_id)
      }
    }
    const lanes = Array.from({ length: LANES }, lane)
    await until('some messages', () => acknowledged.length > 500)
    before = [...acknowledged]
    await play(blockWith('ackbox backup'), folder)
    expect(acknowledged.length).toBeGreaterThan(before.length)
    sending = false
    await Promise.all(lanes)
    service.signal('SIGKILL')
    await service.exited()
  }
  const checks = await play(blockWith('before-restore'), folder)
  const unwell = checks.split('\n').filter((line) => line !== '' && !/ ok(, [a-z ]+)?$/.test(line))
  expect(unwell).toEqual([])
  await using service = startProcess(on(folder))
  const url = await service.url()
  const stored = new Set(await listAll(url))
  expect(before.filter((id) => !stored.has(id))).toEqual([])
  expect(new Set(acknowledged).isSupersetOf(stored)).toBe(true)
  const stats = (await (await fetch(`${url}/stats`)).json()) as { total_messages: number }
  expect(stats.total_messages).toBe(stored.size)
  const found = (await (await fetch(`${url}/messages?q=hello`)).json()) as Page
  expect(found.total).toBe(stored.size)
  const again = await fetch(`${url}/webhook`, delivery({ message_id: before[0] }))
  expect([again.status, again.headers.get('x-ackbox-result')]).toEqual([200, 'duplicate'])
})

test('a backup does not keep the service from stopping in order, nor from starting', async () => {
  using folder = openFolder()
  const variables = on(folder)
  {
    await using service = startProcess(variables)
    await fetch(`${await service.url()}/webhook`, delivery())
    const running = play(blockWith('ackbox backup'), folder)
    service.signal('SIGTERM')
    expect(await service.exited()).toBe(0)
    await running
  }
  mkdirSync(folder.file('first'))
  renameSync(folder.file('app-1.db'), folder.file('first/app.db'))
  for (const DATABASE_URL of [variables.DATABASE_URL, `sqlite:///${folder.file('first/app.db')}`]) {
    await using service = startProcess({ DATABASE_URL })
    expect((await fetch(`${await service.url()}/messages/m1`)).status).toBe(200)
  }
})
