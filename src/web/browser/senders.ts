import { getJson, type Stats } from './api.ts'
import { make } from './element.ts'
import { openLatest } from './latest.ts'
import { grouped } from './number.ts'

/** Makes the bars of the busiest senders; a click on one narrows the list to it, or undoes that. */
export function openSenders(
  list: HTMLElement,
  narrow: (from: string) => void,
): (chosen: string) => Promise<void> {
  const ask = openLatest()
  return async (chosen) => {
    const isOutdated = ask()
    const { messages_per_sender: senders } = await getJson<Stats>('/stats')
    if (isOutdated()) return
    const most = Math.max(1, ...senders.map(({ count }) => count))
    const items = senders.map(({ from, count }) => {
      const bar = make('i')
      bar.style.width = `${(100 * count) / most}%`
      const name = make('span', { textContent: from })
      const button = make('button', { type: 'button' }, name, bar, grouped(count))
      button.setAttribute('aria-pressed', String(from === chosen))
      button.addEventListener('click', () => narrow(from === chosen ? '' : from))
      return make('li', {}, button)
    })
    list.replaceChildren(...items)
  }
}
