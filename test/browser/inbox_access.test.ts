import { expect, setDefaultTimeout } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../support/deadline.ts'
import { startService } from '../support/service.ts'
import { delivery } from '../support/signer.ts'
import { fill, textOf, visibleIds } from './inbox.ts'
import { openBrowserTests, type Visit, visit } from './visitor.ts'

// A browser starts here, on a machine that may be busy.
setDefaultTimeout(60_000)

const TOKENS = { API_TOKEN: 'a-token-to-read', METRICS_TOKEN: 'a-token-to-scrape' }

const AXE = readFileSync(join(import.meta.dir, '../../node_modules/axe-core/axe.min.js'), 'utf8')

/** What axe finds wrong with the page as it is now. */
async function violations({ page }: Visit): Promise<readonly string[]> {
  // The policy of the page lets no script in; evaluating one is the debugger's doing.
  await page.evaluate(AXE)
  return page.evaluate(
    `axe.run().then(({ violations }) => violations.map(({ id, nodes }) =>
       id + ': ' + nodes.map(({ html }) => html).join(' ')))`,
  )
}

async function useTokens({ page }: Visit, api: string, metrics = ''): Promise<void> {
  await page.fill('#tokens [name=api]', api)
  await page.fill('#tokens [name=metrics]', metrics)
  await page.keyboard.press('Enter')
}

const browserTest = openBrowserTests()

browserTest(
  'the inbox shows nothing without the token, and keeps it for the tab alone',
  async (browser) => {
    await using service = await startService(TOKENS, 'socket')
    await service.request('/webhook', delivery({ text: 'a canary' }))
    await using tab = await visit(browser, service, '/')
    await tab.page.locator('#tokens').waitFor()
    expect(await tab.page.content()).not.toContain('canary')
    await useTokens(tab, 'wrong')
    await until('to be asked again', async () =>
      /wants its API_TOKEN/.test(await textOf(tab, '#tokens-reason')),
    )
    await tab.page.locator('#tokens').waitFor()
    expect(await visibleIds(tab)).toEqual([])
    await useTokens(tab, TOKENS.API_TOKEN, TOKENS.METRICS_TOKEN)
    await until('the message', async () => (await visibleIds(tab)).join() === 'm1')
    await until('the figures', async () => /Storage/.test(await textOf(tab, '#glance')))
    expect(JSON.stringify(await tab.page.context().storageState())).not.toContain('a-token')
    const sentElsewhere = tab.page.url()
    expect(sentElsewhere).not.toContain('a-token')
    expect(tab.strays()).toEqual([])
  },
)

browserTest(
  'a message opens in full by the keyboard alone, and is named in the address',
  async (browser) => {
    await using service = await startService({}, 'socket')
    await fill(service, 3)
    await using tab = await visit(browser, service, '/', {
      timezoneId: 'Asia/Kolkata',
      locale: 'en-GB',
    })
    await until('three rows', async () => (await visibleIds(tab)).length === 3)
    const time = tab.page.locator('#messages time').first()
    expect(await time.textContent()).toBe('2025-01-15 15:30:02')
    expect(await time.getAttribute('title')).toBe('2025-01-15T10:00:02Z')
    await tab.page.focus('#clear')
    await tab.page.keyboard.press('Tab')
    await tab.page.keyboard.press('Enter')
    await tab.page.locator('#message').waitFor()
    const json = JSON.parse(await tab.page.inputValue('#message-json'))
    expect(json).toEqual(await service.json('/messages/m2'))
    expect(new URL(tab.page.url()).search).toBe('?message=m2')
    await tab.page.reload()
    await tab.page.locator('#message').waitFor()
    await tab.page.click('#copy')
    await until('an answer', async () => /Copied|Selected/.test(await textOf(tab, '#copied')))
    await tab.page.keyboard.press('Escape')
    await until('the list alone', () => new URL(tab.page.url()).search === '')
    expect(tab.complaints()).toEqual([])
  },
)

const LOOKS = [
  { colorScheme: 'light', viewport: { width: 1200, height: 900 } },
  { colorScheme: 'dark', viewport: { width: 1200, height: 900 } },
  { colorScheme: 'light', viewport: { width: 360, height: 700 } },
] as const

/** What opens a window of the page; they look the same on a narrow screen. */
const OPENERS = ['#messages a', '#open-test', '#open-tokens']

for (const options of LOOKS) {
  browserTest(
    `axe finds nothing wrong with the inbox: ${JSON.stringify(options)}`,
    async (browser) => {
      await using service = await startService({}, 'socket')
      await fill(service, 5)
      await using tab = await visit(browser, service, '/', options)
      await until('the senders', async () => (await tab.page.locator('#senders li').count()) === 3)
      await until('the figures', async () => /Storage/.test(await textOf(tab, '#glance')))
      expect(await violations(tab)).toEqual([])
      expect(Number(await tab.page.evaluate('document.body.scrollWidth - innerWidth'))).toBe(0)
      const openers = options.viewport.width < 400 ? [] : OPENERS
      for (const opener of openers) {
        await tab.page.locator(opener).first().click()
        await tab.page.locator('dialog[open]').waitFor()
        expect([opener, await violations(tab)]).toEqual([opener, []])
        await tab.page.keyboard.press('Escape')
      }
      expect([tab.complaints(), tab.strays()]).toEqual([[], []])
    },
  )
}
