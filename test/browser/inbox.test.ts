import { expect, setDefaultTimeout } from 'bun:test'
import type { Route } from 'playwright-core'
import { until } from '../support/deadline.ts'
import { startService } from '../support/service.ts'
import { delivery, SECRET } from '../support/signer.ts'
import { fill, readTo, textOf, visibleIds } from './inbox.ts'
import { openBrowserTests, visit } from './visitor.ts'

// A browser starts here, on a machine that may be busy.
setDefaultTimeout(60_000)

const HOSTILE = [
  '<script>document.title = "hit"</script><img src=x onerror=\'document.title = "hit"\'>',
  '\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd',
  '\u4f60\u597d\uff0c\u4e16\u754c',
  '\u{1f389} \u{1f468}\u200d\u{1f469}\u200d\u{1f467}',
  'x'.repeat(4000),
  '\u202e reversed',
]

const browserTest = openBrowserTests()

browserTest(
  'the inbox shows whatever text there is as text, and runs none of it',
  async (browser) => {
    await using service = await startService({}, 'socket')
    for (const [n, text] of HOSTILE.entries()) {
      await service.request('/webhook', delivery({ message_id: `h${n}`, text }))
    }
    await service.request('/webhook', delivery({ message_id: '<b>id', text: null }))
    await using tab = await visit(browser, service, '/')
    await until('all rows', async () => (await visibleIds(tab)).length === 7)
    const shown = await tab.page.locator('#messages .text[dir=auto]').allTextContents()
    expect(shown.toSorted()).toEqual(HOSTILE.toSorted())
    expect(await tab.page.title()).toBe('ackbox inbox')
    expect(await tab.page.locator('#messages script, #messages img').count()).toBe(0)
    const hebrew = tab.page.locator('#messages .text', { hasText: HOSTILE[1] ?? '' })
    expect(await hebrew.evaluate((element) => element.matches(':dir(rtl)'))).toBe(true)
    // The longest word widens nothing.
    const overflow = await tab.page.evaluate('document.body.scrollWidth - innerWidth')
    expect(Number(overflow)).toBeLessThanOrEqual(0)
    expect([tab.complaints(), tab.strays()]).toEqual([[], []])
  },
)

browserTest('the inbox pages to the end, latest first, each message once', async (browser) => {
  await using service = await startService({}, 'socket')
  const ids = await fill(service, 180)
  await using tab = await visit(browser, service, '/')
  await readTo(tab, ids.length)
  expect(await visibleIds(tab)).toEqual(ids.toReversed())
  expect(await textOf(tab, '#count')).toBe('180 of 180 messages')
  expect(await tab.page.locator('#more').isHidden()).toBe(true)
})

browserTest(
  'the end of the list is read on from, also while the page looks for new messages',
  async (browser) => {
    await using service = await startService({}, 'socket')
    const ids = await fill(service, 60)
    await using tab = await visit(browser, service, '/')
    await until('a page of rows', async () => (await visibleIds(tab)).length === 50)
    const look = Promise.withResolvers<Route>()
    await tab.page.route('**/messages?order=desc&limit=50', look.resolve, { times: 1 })
    const route = await look.promise
    await tab.page.mouse.wheel(0, 10_000)
    await until('the end', () => tab.page.evaluate('scrollY > 0'))
    await tab.page.evaluate('new Promise(requestAnimationFrame)')
    await route.continue()
    await until('the whole list', async () => (await visibleIds(tab)).length === 60)
    expect(await visibleIds(tab)).toEqual(ids.toReversed())
  },
)

browserTest('the inbox keeps what it is narrowed to in its address', async (browser) => {
  await using service = await startService({}, 'socket')
  await fill(service, 12)
  await using tab = await visit(browser, service, '/')
  await tab.page.fill('[name=q]', 'TEXT 7')
  await tab.page.press('[name=q]', 'Enter')
  await until('one row', async () => (await visibleIds(tab)).length === 1)
  expect(new URL(tab.page.url()).search).toBe('?q=TEXT+7')
  await tab.page.reload()
  await until('the same row', async () => (await visibleIds(tab)).join() === 'm7')
  expect(await tab.page.inputValue('[name=q]')).toBe('TEXT 7')
  await tab.page.goBack()
  await until('all rows again', async () => (await visibleIds(tab)).length === 12)
  await tab.page.locator('#senders button', { hasText: '+15550101' }).click()
  await until('one sender', async () => (await visibleIds(tab)).length === 4)
  expect(new URL(tab.page.url()).searchParams.get('from')).toBe('+15550101')
  await tab.page.click('#clear')
  await until('nothing narrowed', async () => (await visibleIds(tab)).length === 12)
  expect(new URL(tab.page.url()).search).toBe('')
})

browserTest('a click on a bar of the plot narrows the inbox to its hour', async (browser) => {
  await using service = await startService({}, 'socket')
  for (const [id, hour] of [
    ['a', 10],
    ['b', 10],
    ['c', 12],
  ] as const) {
    const ts = `2025-01-15T${hour}:30:00Z`
    await service.request('/webhook', delivery({ message_id: id, ts }))
  }
  await using tab = await visit(browser, service, '/')
  const bars = tab.page.locator('#plot button')
  await until('a week of hours', async () => (await bars.count()) === 168)
  await bars.last().focus()
  await tab.page.keyboard.press('ArrowLeft')
  await tab.page.keyboard.press('ArrowLeft')
  await tab.page.keyboard.press('Enter')
  await until('one hour', async () => (await visibleIds(tab)).length === 2)
  const { searchParams } = new URL(tab.page.url())
  expect(searchParams.get('since')).toBe('2025-01-15T10:00:00Z')
  expect(searchParams.get('until')).toBe('2025-01-15T11:00:00Z')
})

browserTest('new messages appear by themselves, in their places', async (browser) => {
  await using service = await startService({}, 'socket')
  await fill(service, 3)
  await using tab = await visit(browser, service, '/')
  await until('three rows', async () => (await visibleIds(tab)).length === 3)
  const ts = '2025-01-15T10:00:01.500Z'
  await service.request('/webhook', delivery({ message_id: 'between', ts }))
  await service.request('/webhook', delivery({ message_id: 'last', ts: '2026-01-01T00:00:00Z' }))
  await until('five rows', async () => (await visibleIds(tab)).length === 5)
  expect(await visibleIds(tab)).toEqual(['last', 'm2', 'between', 'm1', 'm0'])
  expect(await textOf(tab, '#count')).toBe('5 of 5 messages')
})

browserTest('more new messages than a page holds leave no gap', async (browser) => {
  await using service = await startService({}, 'socket')
  const future = { message_id: 'future', ts: '2096-01-01T00:00:00Z' }
  await service.request('/webhook', delivery(future))
  const before = await fill(service, 60)
  await using tab = await visit(browser, service, '/')
  await until('a page of rows', async () => (await visibleIds(tab)).length === 50)
  await tab.page.route('**/messages?*', (route) => route.abort())
  const ids = [...before, ...(await fill(service, 60, 60))]
  await tab.page.unroute('**/messages?*')
  await until('the latest', async () => (await visibleIds(tab))[1] === 'm119')
  await readTo(tab, 121)
  expect(await visibleIds(tab)).toEqual(['future', ...ids.toReversed()])
})

browserTest('a message that belongs further down is put in there', async (browser) => {
  await using service = await startService({}, 'socket')
  const ids = await fill(service, 60)
  await using tab = await visit(browser, service, '/')
  await readTo(tab, 60)
  // The first of the second page.
  const late = { message_id: 'late', ts: '2025-01-15T10:00:09.500Z' }
  await service.request('/webhook', delivery(late))
  await readTo(tab, 61)
  expect(await visibleIds(tab)).toEqual(ids.toSpliced(10, 0, 'late').toReversed())
})

browserTest('nothing of the old filters is left where new ones fail', async (browser) => {
  await using service = await startService({}, 'socket')
  await fill(service, 9)
  await using tab = await visit(browser, service, '/?from=%2B15550100')
  await until('three rows', async () => (await visibleIds(tab)).length === 3)
  let refused = 0
  await tab.page.route('**/messages?*15550101*', (route) => {
    refused += 1
    return refused > 1 ? route.continue() : route.fulfill({ status: 503, json: { detail: 'busy' } })
  })
  await tab.page.fill('#filters [name=from]', '+15550101')
  await tab.page.press('#filters [name=from]', 'Enter')
  await until('other rows', async () => (await visibleIds(tab))[0] === 'm7')
  expect(await visibleIds(tab)).toEqual(['m7', 'm4', 'm1'])
  expect(await textOf(tab, '#count')).toBe('3 of 3 messages')
})

browserTest(
  'the form sends a signed test message, and says why one is refused',
  async (browser) => {
    await using service = await startService({}, 'socket')
    await using tab = await visit(browser, service, '/')
    await tab.page.click('#open-test')
    await tab.page.fill('#test-form [name=secret]', 'wrong')
    await tab.page.click('#test-form [type=submit]')
    await until('a refusal', async () =>
      /invalid signature/.test(await textOf(tab, '#test-result')),
    )
    await tab.page.fill('#test-form [name=secret]', SECRET)
    await tab.page.fill('#test-form [name=text]', '\u4f60\u597d "quoted"')
    await tab.page.click('#test-form [type=submit]')
    await until('a receipt', async () => (await textOf(tab, '#test-result')) === 'Stored')
    await until('its row', async () => (await visibleIds(tab)).length === 1)
    expect(await textOf(tab, '#messages .text')).toBe('\u4f60\u597d "quoted"')
    expect(JSON.stringify(await tab.page.context().storageState())).not.toContain(SECRET)
  },
)
