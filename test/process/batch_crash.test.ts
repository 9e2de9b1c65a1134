import { expect, setDefaultTimeout, test } from 'bun:test'
import { until } from '../support/deadline.ts'
import { openFolder } from '../support/folder.ts'
import { startProcess } from '../support/process.ts'
import { ON, PATH, post } from '../whatsapp/meta.ts'
import { change, message, notification, status, value } from '../whatsapp/payloads.ts'

// Above the deadlines of what is waited for, so that those say what did not happen.
setDefaultTimeout(30_000)

const SENDERS = 8
const ITEMS = 40
const ACKNOWLEDGED_BEFORE_KILL = 40

/** One notification: so many messages, as many statuses, and an item of each kind that is kept. */
function batch(id: string) {
  const names = Array.from({ length: ITEMS }, (_, n) => `${id}-${n}`)
  const items = names.map((name) => message(name))
  const of = value({
    messages: [...items, { id: `${id}-bad` }],
    statuses: names.map((name) => status(name, 'sent')),
  })
  return post(notification(change(of), change({ id }, 'flows')))
}

/** Posts new batches one after another until the service is gone; notes each acknowledged one. */
async function sendUntilGone(url: string, name: number, acknowledged: string[]): Promise<void> {
  for (let n = 0; ; n += 1) {
    const id = `${name}.${n}`
    try {
      const response = await fetch(url + PATH, batch(id))
      if ((await response.text()) === '{"status":"ok"}') acknowledged.push(id)
    } catch {
      return
    }
  }
}

/** All rows of a list, page by page. */
async function listAll(url: string, path: string): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = []
  for (;;) {
    const response = await fetch(`${url}${path}?limit=100&offset=${rows.length}`)
    const { data } = (await response.json()) as { data: Record<string, unknown>[] }
    if (data.length === 0) return rows
    rows.push(...data)
  }
}

/** How many of each batch there are, by the batch's id. */
function countByBatch(ids: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const id of ids) {
    const name = id.split('-')[0] ?? ''
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return counts
}

test('has all or nothing of each batch after kill -9 in the middle of many', async () => {
  using folder = openFolder()
  const variables = { ...ON, DATABASE_URL: `sqlite:///${folder.file('app.db')}` }
  const acknowledged: string[] = []
  {
    await using service = startProcess(variables)
    const url = await service.url()
    const senders = Array.from({ length: SENDERS }, (_, n) => sendUntilGone(url, n, acknowledged))
    await until('enough batches', () => acknowledged.length >= ACKNOWLEDGED_BEFORE_KILL)
    service.signal('SIGKILL')
    await service.exited()
    await Promise.all(senders)
  }
  await using service = startProcess(variables)
  const url = await service.url()
  const messages = await listAll(url, '/messages')
  const stored = countByBatch(messages.map((row) => String(row.message_id)))
  expect([...stored.values()].filter((count) => count !== ITEMS)).toEqual([])
  expect(acknowledged.filter((id) => !stored.has(id))).toEqual([])
  const statuses = await listAll(url, '/statuses')
  expect(countByBatch(statuses.map((row) => String(row.message_id)))).toEqual(stored)
  const ids = new Set(stored.keys())
  const flows = await listAll(url, '/notifications')
  expect(new Set(flows.map((row) => (row.raw as { id: string }).id))).toEqual(ids)
  const bad = await listAll(url, '/quarantine')
  expect(new Set(bad.map((row) => (row.raw as { id: string }).id.split('-')[0] ?? ''))).toEqual(ids)
})
