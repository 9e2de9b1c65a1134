import { expect, setDefaultTimeout } from 'bun:test'
import { startService } from '../support/service.ts'
import { SECRET } from '../support/signer.ts'
import { openBrowserTests, type Visit, visit } from './visitor.ts'

// A browser starts here, on a machine that may be busy.
setDefaultTimeout(60_000)

/** Types the secret under Authorize, where the scheme of X-Signature asks for it. */
async function authorize({ page }: Visit, secret: string): Promise<void> {
  await page.click('.swagger-ui .btn.authorize')
  const field = page.locator('.auth-container:has-text("X-Signature") input')
  await field.fill(secret)
  await page.click('.auth-container:has-text("X-Signature") button[type=submit]')
  await page.click('.btn-done')
}

/** Opens an operation and executes it as it stands; gives the status that the page shows. */
async function execute({ page }: Visit, operation: string): Promise<string | null> {
  const block = page.locator(`[id$="-${operation}"]`)
  await block.locator('.opblock-summary-control').click()
  await block.locator('.try-out__btn').click()
  await block.locator('.execute').click()
  return block.locator('.live-responses-table .response-col_status').last().textContent()
}

const browserTest = openBrowserTests()

browserTest(
  'the docs page signs what it sends, and sends the secret to nobody',
  async (browser) => {
    await using service = await startService({}, 'socket')
    await using tab = await visit(browser, service, '/docs')
    const sent: (string | undefined)[] = []
    tab.page.on('request', (request) => sent.push(JSON.stringify(request.headers())))
    await authorize(tab, SECRET)
    expect(await execute(tab, 'deliver')).toContain('200')
    expect(await service.json('/messages')).toMatchObject({ total: 1 })
    expect(sent.join('\n')).not.toContain(SECRET)
    expect([tab.complaints(), tab.strays()]).toEqual([[], []])
    expect(JSON.stringify(await tab.page.context().storageState())).not.toContain(SECRET)
  },
)

browserTest(
  'the docs page shows every operation, and that a wrong secret is refused',
  async (browser) => {
    await using service = await startService({}, 'socket')
    await using tab = await visit(browser, service, '/docs')
    await authorize(tab, 'another')
    expect(await execute(tab, 'deliver')).toContain('401')
    expect(await service.json('/messages')).toMatchObject({ total: 0 })
    const { paths } = (await service.json('/openapi.json')) as {
      paths: Readonly<Record<string, object>>
    }
    const operations = Object.values(paths).flatMap((methods) => Object.keys(methods))
    expect(await tab.page.locator('.opblock').count()).toBe(operations.length)
  },
)
