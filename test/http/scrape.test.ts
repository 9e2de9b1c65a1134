import { expect, test } from 'bun:test'
import { openScrape } from '../../src/http/metrics.ts'
import { createServiceMetrics } from '../../src/metrics/service.ts'
import { openSqliteStore } from '../../src/sqlite/store.ts'
import { StoreUnavailable } from '../../src/store.ts'

const none = () => 0

const openMetrics = () =>
  createServiceMetrics({
    version: '1',
    runtime: 'bun',
    results: [],
    queueBoundMessages: 1,
    walBoundBytes: 2,
    diskFreeFloorBytes: 3,
    showsLatencyMs: true,
    clock: none,
    sources: {
      webhookQueueDepth: none,
      databaseBytes: none,
      arrivalsBytes: none,
      walBytes: none,
      searchBytes: () => 0,
      diskFreeBytes: none,
      processStartTime: none,
      processResidentMemory: none,
      processCpu: none,
      processOpenFds: none,
    },
  })

/** A scrape of a store that answers `stats` by the test's hand; its sleep is over at once. */
async function openHeld() {
  const store = await openSqliteStore(':memory:')
  const held = Promise.withResolvers<Awaited<ReturnType<typeof store.stats>>>()
  let asked = 0
  const stats = () => {
    asked += 1
    return held.promise
  }
  const options = { store: { ...store, stats }, metrics: openMetrics(), sleep: async () => {} }
  const scrape = openScrape(options)
  const shown = async () => {
    const text = await (await scrape(new Request('http://localhost/metrics'))).text()
    return /^ackbox_stored_messages (.*)$/m.exec(text)?.[1]
  }
  const close = () => store.close()
  return { held, shown, asked: () => asked, real: store, [Symbol.asyncDispose]: close }
}

test('does not wait for a store that is busy, and asks it once at a time', async () => {
  await using box = await openHeld()
  expect([await box.shown(), await box.shown()]).toEqual(['NaN', 'NaN'])
  expect(box.asked()).toBe(1)
  box.held.resolve({ ...(await box.real.stats()), total_messages: 7 })
  await box.shown()
  expect([await box.shown(), box.asked()]).toEqual(['7', expect.any(Number)])
})

test('shows NaN while the store cannot count', async () => {
  await using box = await openHeld()
  box.held.reject(new StoreUnavailable('database not ready', 'in the test'))
  await box.shown()
  expect(await box.shown()).toBe('NaN')
})
