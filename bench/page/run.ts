import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { contestant } from '../contestants.ts'
import { describeMachine } from '../machine.ts'
import { openPatience } from '../patience.ts'
import { publish, runBench, say } from '../publication.ts'
import { quantile } from '../quantile.ts'
import { buildStore } from '../reads/build.ts'
import { readSettings } from '../reads/settings.ts'
import { loadTexts } from '../reads/texts.ts'
import { machineLines } from '../report.ts'
import { startServer } from '../server.ts'
import { visitInbox } from './visit.ts'

const NAME = 'page'

const MESSAGES = 1_000_000
const VISITS = 20
const TARGET_MILLISECONDS = 500
const PATIENCE_SECONDS = 30

function findChromium(): string {
  const program = Bun.which('chromium') ?? Bun.which('google-chrome')
  if (program !== null) return program
  throw new Error(
    'Chromium is missing: install it (Debian: apt-get install chromium) and try again',
  )
}

/** A copy of the store of so many messages, which `make bench-reads` may have left. */
async function copyStore(folder: string): Promise<string> {
  const settings = readSettings(process.env)
  const { all: texts } = await loadTexts()
  const { folder: kept } = settings
  const tell = (what: string) => say(NAME, what)
  const built = await buildStore({ folder: kept, size: MESSAGES, texts, bulk: true, say: tell })
  const path = join(folder, 'app.db')
  for (const suffix of ['', '.search']) copyFileSync(built.path + suffix, path + suffix)
  return path
}

/** Milliseconds of the first visit after the start, and of those after it, ascending. */
async function measure(path: string, quiet: () => Promise<void>) {
  using server = await startServer(contestant('ours', path))
  const executablePath = findChromium()
  const args = ['--no-sandbox', '--disable-gpu']
  const browser = await chromium.launch({ executablePath, args })
  try {
    // What Chromium does for the first time is not the page's.
    await visitInbox(browser, `${server.url}/`)
    await quiet()
    const times: number[] = []
    for (let visit = 0; visit < VISITS; visit += 1) {
      times.push(await visitInbox(browser, `${server.url}/`))
    }
    return times.toSorted((a, b) => a - b)
  } finally {
    await browser.close()
    await server.stop()
  }
}

const METHOD = [
  `Chromium opens \`/\` ${VISITS} times over a store of a million messages, each time with`,
  'nothing in its cache and no connection open. The time is that from the navigation until the',
  'list has its rows, they are drawn, and the browser takes what the user does.',
]

await runBench(NAME, async (folder) => {
  const machine = await describeMachine(folder)
  const patience = openPatience(PATIENCE_SECONDS)
  const times = await measure(await copyStore(folder), patience.quiet)
  const slowest = times.at(-1) ?? Number.NaN
  const figures = { p50: quantile(times, 0.5), p95: quantile(times, 0.95), most: slowest }
  const words = Object.values(figures).map((figure) => `${Math.round(figure)} ms`)
  const row = {
    name: `Inbox of ${MESSAGES.toLocaleString('en-US')} messages, until it can be used`,
    value: `p50 ${words[0]}, p95 ${words[1]}, at most ${words[2]}`,
    target: `under ${TARGET_MILLISECONDS} ms`,
    reached: slowest < TARGET_MILLISECONDS,
  }
  const section = {
    name: NAME,
    title: 'The inbox page',
    writtenBy: '`make bench-page`',
    about: machineLines(machine, patience.seen()),
    rows: [row],
    problems: [],
    method: METHOD,
  }
  await publish(section, process.env.QUICK === '1')
})
