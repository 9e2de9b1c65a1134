import { until } from '../support/deadline.ts'
import type { TestService } from '../support/service.ts'
import { delivery } from '../support/signer.ts'
import type { Visit } from './visitor.ts'

/**
 * Delivers so many messages a second apart, from three senders, the first with this number; gives
 * their ids in that order.
 */
export async function fill(service: TestService, count: number, first = 0): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, n) => `m${first + n}`)
  for (const [index, message_id] of ids.entries()) {
    const n = first + index
    const ts = new Date(Date.UTC(2025, 0, 15, 10, 0, n)).toISOString().replace('.000', '')
    const from = `+1555010${n % 3}`
    await service.request('/webhook', delivery({ message_id, ts, from, text: `Text ${n}.` }))
  }
  return ids
}

/** The ids of the rows that are there, from the top. */
export function visibleIds({ page }: Visit): Promise<string[]> {
  return page
    .locator('#messages a')
    .evaluateAll((links) => links.map((link) => link.getAttribute('data-id') ?? ''))
}

/** Scrolls to the end until so many rows are there. */
export async function readTo(tab: Visit, count: number): Promise<void> {
  await until(`${count} rows`, async () => {
    await tab.page.mouse.wheel(0, 10_000)
    return (await visibleIds(tab)).length === count
  })
}

/** The text of the one element that the selector finds. */
export async function textOf({ page }: Visit, selector: string): Promise<string> {
  return (await page.locator(selector).textContent()) ?? ''
}
