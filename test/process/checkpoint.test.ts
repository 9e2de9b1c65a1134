import { expect, setDefaultTimeout, test } from 'bun:test'
import { statSync } from 'node:fs'
import { until } from '../support/deadline.ts'
import { openFolder } from '../support/folder.ts'
import { startProcess } from '../support/process.ts'
import { delivery } from '../support/signer.ts'

// Above the deadline of what is waited for, and of what is written: some 70 MiB.
setDefaultTimeout(60_000)

/** 16 KiB that are stored twice: as they are, and with the one capital folded. */
const TEXT = `\u00c9${'\u{1F600}'.repeat(4095)}`

/** Deliveries under way at a time. */
const LANES = 64

const MIB = 1_048_576

/** Posts so many messages, each under a new id. */
async function post(url: string, count: number): Promise<void> {
  let left = count
  const lane = async () => {
    while (left > 0) {
      left -= 1
      const init = delivery({ message_id: crypto.randomUUID(), text: TEXT })
      const response = await fetch(`${url}/webhook`, init)
      expect(await response.text()).toBe('{"status":"ok"}')
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
}

test('copies the WAL into the database while deliveries go on, and begins it anew', async () => {
  using folder = openFolder()
  await using service = startProcess({ DATABASE_URL: `sqlite:///${folder.file('app.db')}` })
  const url = await service.url()
  const sizes = () => ['app.db', 'app.db-wal'].map((name) => statSync(folder.file(name)).size / MIB)
  await post(url, 2000)
  await until('most of the messages are in the database', async () => {
    await post(url, 20)
    return (sizes()[0] ?? 0) > 48
  })
  await until('the WAL is begun anew', async () => {
    const [, before = 0] = sizes()
    await post(url, 250)
    // Without a new beginning it would have grown by the 8 MiB that were sent meanwhile.
    return (sizes()[1] ?? 0) - before < 4
  })
  service.signal('SIGTERM')
  expect(await service.exited()).toBe(0)
})
