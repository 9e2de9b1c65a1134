import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { failure } from '../../src/http/failure.ts'
import { listMessages } from '../../src/http/messages.ts'
import { openSqliteStore } from '../../src/sqlite/store.ts'
import { makeStore } from '../sqlite/upkept.ts'
import { until } from '../support/deadline.ts'
import { openFolder } from '../support/folder.ts'
import { startService } from '../support/service.ts'

// Above the deadlines of what is waited for, so that those say what did not happen.
setDefaultTimeout(30_000)

const folder = openFolder()
afterAll(() => folder[Symbol.dispose]())

/** Pages that the quick thread answers, and those that are searched for. */
const PATHS = [
  '/messages',
  '/messages?from=%2B1',
  '/messages?q=hello',
  '/messages?from=%2B1&to=%2B2',
]

test.each(PATHS)('%s is 503 with what to do when its time is over', async (path) => {
  const late = folder.file(`${crypto.randomUUID()}.db`)
  const store = await openSqliteStore(late, { queryMilliseconds: -1 })
  const request = new Request(`http://localhost${path}`)
  const response = await listMessages(request, store).catch(failure)
  await store.close()
  expect(response.status).toBe(503)
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
  const detail = 'the query took longer than QUERY_SECONDS: narrow it by since or until'
  expect(await response.json()).toEqual({ detail })
})

test.each(PATHS)('%s is not looked for when its client has gone', async (path) => {
  await using service = await startService({ DATABASE_URL: `sqlite:///${folder.file('gone.db')}` })
  const response = await service.request(path, { signal: AbortSignal.abort() })
  expect(response.status).toBe(499)
  const line = service.logLines().at(-1)
  expect(line).toMatchObject({ status: 499, level: 'INFO', path: '/messages' })
})

/** Some milliseconds of work for a search that looks at each. */
const MESSAGES = 15_000

/** More than may wait for one thread. */
const QUESTIONS = 100

test('questions beyond those that may wait are 503, and the others are answered', async () => {
  const path = folder.file('busy.db')
  makeStore(path, MESSAGES)
  await using service = await startService({ DATABASE_URL: `sqlite:///${path}` })
  const asked = Array.from({ length: QUESTIONS }, (_, n) => service.request(`/messages?q=${n}`))
  const statuses = (await Promise.all(asked)).map(({ status }) => status)
  expect(statuses.filter((status) => status === 200).length).toBe(64)
  expect(statuses.filter((status) => status === 503).length).toBe(QUESTIONS - 64)
  const busy = service.logLines().filter(({ status }) => status === 503)
  expect(busy.length).toBe(QUESTIONS - 64)
  expect((await service.request('/messages?q=1')).status).toBe(200)
})

test('a client that goes away takes its waiting questions with it', async () => {
  const path = folder.file('left.db')
  makeStore(path, MESSAGES)
  const settings = { DATABASE_URL: `sqlite:///${path}` }
  await using service = await startService(settings, 'socket')
  const url = service.url()
  const leaving = new AbortController()
  const { signal } = leaving
  const asked = Array.from({ length: 50 }, (_, n) => fetch(`${url}/messages?q=${n}`, { signal }))
  const answered = await Promise.race(asked)
  expect(answered.status).toBe(200)
  leaving.abort()
  await Promise.allSettled(asked)
  const logged = () => service.logLines().filter((line) => line.path === '/messages')
  await until('a line for each question', () => logged().length === asked.length)
  expect(logged().filter(({ status }) => status === 499).length).toBeGreaterThan(0)
  expect(logged().filter(({ status }) => status !== 200 && status !== 499)).toEqual([])
})
