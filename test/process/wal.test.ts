import type { Database } from 'bun:sqlite'
import { expect, setDefaultTimeout, test } from 'bun:test'
import { statSync } from 'node:fs'
import { openReading } from '../../src/sqlite/connection.ts'
import { openFolder } from '../support/folder.ts'
import { startProcess } from '../support/process.ts'
import { delivery } from '../support/signer.ts'

// Above the time that what is written takes: some 60 MiB.
setDefaultTimeout(60_000)

const MIB = 1_048_576
const WAL_BYTES_MAX = 8 * MIB

/** 16 KiB that are stored twice: as they are, and with the one capital folded. */
const TEXT = `\u00c9${'\u{1F600}'.repeat(4095)}`

/** Deliveries under way at a time: what is written between two looks at the WAL is little. */
const LANES = 8

const MESSAGES = 1600

/** How long each reader reads. */
const READING_MILLISECONDS = 20

/**
 * Reads the messages at every moment until `isDone`: one of two readers begins before the other
 * ends.
 */
async function readWithoutPause(path: string, isDone: () => boolean): Promise<void> {
  const [first, second] = [openReading(path), openReading(path)]
  const start = (db: Database) => {
    db.run('BEGIN')
    db.query('SELECT count(*) FROM messages').get()
  }
  start(first)
  while (!isDone()) {
    start(second)
    first.run('COMMIT')
    await Bun.sleep(READING_MILLISECONDS)
    start(first)
    second.run('COMMIT')
    await Bun.sleep(READING_MILLISECONDS)
  }
  first.close(true)
  second.close(true)
}

const readNothing = async () => {}

test.each([
  ['nobody reads', readNothing],
  ['somebody reads at every moment', readWithoutPause],
])('keeps the WAL bounded under constant load while %s', async (_, readMeanwhile) => {
  using folder = openFolder()
  const path = folder.file('app.db')
  await using service = startProcess({
    DATABASE_URL: `sqlite:///${path}`,
    WAL_BYTES_MAX: String(WAL_BYTES_MAX),
  })
  const url = await service.url()
  let sent = 0
  let walBytes = 0
  const lane = async () => {
    while (sent < MESSAGES) {
      sent += 1
      const init = delivery({ message_id: crypto.randomUUID(), text: TEXT })
      expect((await fetch(`${url}/webhook`, init)).status).toBe(200)
      walBytes = Math.max(walBytes, statSync(`${path}-wal`).size)
    }
  }
  let done = false
  const reading = readMeanwhile(path, () => done)
  await Promise.all(Array.from({ length: LANES }, lane))
  done = true
  await reading
  expect(statSync(path).size).toBeGreaterThan(3 * WAL_BYTES_MAX)
  // What is written between two looks comes on top; without a bound it would be 100 MiB.
  expect(walBytes).toBeLessThan(4 * WAL_BYTES_MAX)
})
