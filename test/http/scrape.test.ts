import { expect, test } from 'bun:test'
import { openFolder } from '../support/folder.ts'
import { startService, type TestService } from '../support/service.ts'
import { delivery } from '../support/signer.ts'
import { ON, PATH, post } from '../whatsapp/meta.ts'
import { message, messages, status, statuses } from '../whatsapp/payloads.ts'

/** What a scrape and /stats say of how many messages there are. */
async function countsOf(service: TestService): Promise<unknown[]> {
  const scraped = await service.metric('ackbox_stored_messages')
  return [scraped, ((await service.json('/stats')) as { total_messages: number }).total_messages]
}

/** Sends these notifications and deliveries, one after another, and demands a 200 for each. */
async function send(service: TestService, inits: (RequestInit & { path?: string })[]) {
  for (const { path = '/webhook', ...init } of inits) {
    expect((await service.request(path, init)).status).toBe(200)
  }
}

const notify = (payload: object) => ({ path: PATH, ...post(payload) })

test('shows as many messages as /stats, after duplicates, batches and restarts', async () => {
  using folder = openFolder()
  const settings = { ...ON, DATABASE_URL: `sqlite:///${folder.file('app.db')}` }
  {
    await using service = await startService(settings)
    expect(await countsOf(service)).toEqual([0, 0])
    await send(service, [delivery(), delivery(), delivery({ text: 'other' })])
    expect(await countsOf(service)).toEqual([1, 1])
    const items = [message('w1'), message('w2'), { id: 'bad' }, message('w1'), message('m1')]
    await send(service, [notify(messages(...items)), notify(statuses(status('s1', 'sent')))])
    expect(await countsOf(service)).toEqual([3, 3])
  }
  await using service = await startService(settings)
  expect(await countsOf(service)).toEqual([3, 3])
  await send(service, [delivery(), notify(messages(message('w2'), message('w3')))])
  expect(await countsOf(service)).toEqual([4, 4])
})

test('counts each of many that come at one time', async () => {
  using folder = openFolder()
  const settings = { ...ON, DATABASE_URL: `sqlite:///${folder.file('app.db')}` }
  await using service = await startService(settings)
  const all = Array.from({ length: 300 }, (_, n) => [
    service.request('/webhook', delivery({ message_id: `m${n % 200}` })),
    service.request(PATH, post(messages(message(`w${n % 150}`), message(`m${n % 250}`)))),
  ])
  await Promise.all(all.flat())
  expect(await countsOf(service)).toEqual([400, 400])
})

test('asks no store, so that one that is closed is scraped all the same', async () => {
  await using service = await startService()
  await send(service, [delivery()])
  await service.stop()
  expect((await service.request('/messages')).status).toBe(503)
  expect(await service.metric('ackbox_stored_messages')).toBe(1)
})
