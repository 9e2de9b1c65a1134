import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { until } from '../support/deadline.ts'
import { openFolder } from '../support/folder.ts'
import { startService, type TestService } from '../support/service.ts'
import { delivery } from '../support/signer.ts'
import { textOf, visibleIds } from './inbox.ts'
import { startBrowser, visit } from './visitor.ts'

/**
 * `make screenshots`: makes the images of the documents anew from the pages as they are, over
 * messages of its own.
 */

const FOLDER = join(import.meta.dir, '../../docs/images')

/** A window in which a message has one line, and the list some rows. */
const VIEWPORT = { width: 1000, height: 760 }

const PLACE = { locale: 'en-GB', timezoneId: 'Europe/London', viewport: VIEWPORT } as const

/** How far back the plot goes. */
const HOURS = 168

/** What people write; a text is said more than once, by several of them. */
const TEXTS = [
  'Good morning! Is the blue one still there?',
  'Your parcel is on its way and arrives on Monday.',
  'Merci beaucoup, à demain \u{1f44b}',
  'שלום, מתי אתם פתוחים?',
  '请问几点开门？',
  'Can I change my booking to Friday, two people?',
  '<b>bold</b> is shown as it was typed',
  'Спасибо, всё получил',
]

const SENDERS = ['+14155550100', '+442071838750', '+919876543210', '+33144556677', '+972541234567']

const HOUR_MILLISECONDS = 3_600_000

/** A week of messages up to now, more of them by day than by night. */
async function fill(service: TestService): Promise<number> {
  const now = Date.now()
  let count = 0
  for (let hour = HOURS - 1; hour >= 0; hour -= 1) {
    const busy = 2 + Math.round(3 + 3 * Math.sin((hour / 24) * 2 * Math.PI)) + (hour % 5)
    for (let n = 0; n < busy; n += 1) {
      const ago = hour * HOUR_MILLISECONDS + ((busy - n) * HOUR_MILLISECONDS) / (busy + 1)
      const ts = new Date(now - ago).toISOString()
      const from = SENDERS[(count * count + hour) % SENDERS.length] ?? ''
      const text = TEXTS[count % TEXTS.length] ?? ''
      await service.request('/webhook', delivery({ message_id: `m${count}`, ts, from, text }))
      count += 1
    }
  }
  return count
}

const shoot = (page: Page, name: string) =>
  page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled' })

async function shootInbox(service: TestService, colorScheme: 'light' | 'dark', name: string) {
  const browser = await startBrowser(Bun.which('chromium') ?? 'chromium')
  try {
    await using tab = await visit(browser, service, '/', { ...PLACE, colorScheme })
    await until('rows', async () => (await visibleIds(tab)).length > 0)
    await until('the plot', async () => (await tab.page.locator('#plot button').count()) > 0)
    // A rate is told once the page has looked twice.
    await until('a rate', async () => /\d/.test(await textOf(tab, '#glance dd >> nth=0')))
    await shoot(tab.page, name)
  } finally {
    await browser.close()
  }
}

async function shootDocs(service: TestService) {
  const browser = await startBrowser(Bun.which('chromium') ?? 'chromium')
  try {
    await using tab = await visit(browser, service, '/docs', { ...PLACE, colorScheme: 'light' })
    const block = tab.page.locator('[id$="-deliver"]')
    await block.locator('.opblock-summary-control').click()
    await block.locator('.try-out__btn').click()
    await block.scrollIntoViewIfNeeded()
    await shoot(tab.page, 'docs')
  } finally {
    await browser.close()
  }
}

mkdirSync(FOLDER, { recursive: true })
using folder = openFolder()
const settings = { DATABASE_URL: `sqlite:///${folder.file('app.db')}` }
await using service = await startService(settings, 'socket')
const count = await fill(service)
await shootInbox(service, 'light', 'inbox')
await shootInbox(service, 'dark', 'inbox-dark')
await shootDocs(service)
console.log(`docs/images: inbox, inbox-dark and docs over ${count} messages`)
