import type { Browser } from 'playwright-core'

/**
 * Notes when the page can be used: its list has rows, they are drawn, and the browser has come
 * back to what the user does. Milliseconds since the navigation began.
 */
const NOTE_INTERACTIVE = `
  globalThis.interactive = new Promise((resolve) => {
    const look = new MutationObserver(() => {
      if (document.querySelector('#messages a') === null) return
      look.disconnect()
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now())))
    })
    look.observe(document, { childList: true, subtree: true })
  })
`

/** Opens the page in a browser that has nothing of it in its cache; milliseconds until usable. */
export async function visitInbox(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext()
  try {
    const page = await context.newPage()
    await page.addInitScript(NOTE_INTERACTIVE)
    await page.goto(url, { waitUntil: 'commit' })
    return Number(await page.evaluate('interactive'))
  } finally {
    await context.close()
  }
}
