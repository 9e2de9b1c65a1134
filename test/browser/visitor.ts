import { afterAll, beforeAll, test } from 'bun:test'
import { type Browser, chromium, type Page } from 'playwright-core'
import { withProgram } from '../support/program.ts'
import type { TestService } from '../support/service.ts'

/** A tab with nothing in its storage, and what happened in it. */
export interface Visit extends AsyncDisposable {
  readonly page: Page
  /** Everything a user would never see and a developer would: errors, refusals of the policy. */
  readonly complaints: () => readonly string[]
  /** Requests that went to another host. */
  readonly strays: () => readonly string[]
}

/** Starts Chromium. Its sandbox wants more rights than a container gives to root. */
export function startBrowser(program: string): Promise<Browser> {
  return chromium.launch({ executablePath: program, args: ['--no-sandbox', '--disable-gpu'] })
}

/**
 * Starts one browser for the tests of a file. Gives what defines them: each gets the browser, and
 * none is defined where there is no Chromium.
 */
export function openBrowserTests() {
  let define = (_name: string, _run: (browser: Browser) => Promise<void>): void => {}
  withProgram('chromium', (program) => {
    let browser: Browser
    beforeAll(async () => {
      browser = await startBrowser(program)
    })
    afterAll(() => browser.close())
    define = (name, run) => test(name, () => run(browser))
  })
  return (name: string, run: (browser: Browser) => Promise<void>) => define(name, run)
}

/** Opens a tab on a path of a service. */
export async function visit(
  browser: Browser,
  service: Pick<TestService, 'url'>,
  path: string,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<Visit> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const complaints: string[] = []
  const strays: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(service.url()) && !url.startsWith('data:')) strays.push(url)
  })
  await page.goto(`${service.url()}${path}`)
  return {
    page,
    complaints: () => complaints,
    strays: () => strays,
    [Symbol.asyncDispose]: () => context.close(),
  }
}
