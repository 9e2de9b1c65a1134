import { getJson, type Volume } from './api.ts'
import { type Bar, type Bucket, barsOf, planPlot } from './buckets.ts'
import { make } from './element.ts'
import { type Filters, filterQuery } from './filters.ts'
import { openLatest } from './latest.ts'
import { localTime } from './moment.ts'

const TITLES: Readonly<Record<Bucket, string>> = {
  minute: 'Messages per minute',
  hour: 'Messages per hour',
  day: 'Messages per day',
}

/** Arrow keys lead from bar to bar, and one tab past all of them. */
function moveFocus(event: KeyboardEvent, plot: HTMLElement): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
  const bars = [...plot.querySelectorAll('button')]
  const at = bars.indexOf(document.activeElement as HTMLButtonElement)
  const next = step === undefined || at === -1 ? undefined : bars[at + step]
  if (next === undefined) return
  event.preventDefault()
  for (const bar of bars) bar.tabIndex = bar === next ? 0 : -1
  next.focus()
}

function makeBar({ start, end, count }: Bar, most: number, pick: () => void): HTMLButtonElement {
  const column = make('i')
  column.style.height = `${Math.max(count > 0 ? 2 : 0, (100 * count) / most)}%`
  const bar = make('button', { type: 'button', tabIndex: -1 }, column)
  bar.title = `${localTime(start)} to ${localTime(end)}: ${count}\n${start} to ${end}`
  bar.setAttribute('aria-label', `${localTime(start)}: ${count} messages`)
  bar.addEventListener('click', pick)
  return bar
}

/** Makes the plot of messages over time; a click on a bar narrows the list to its span. */
export function openPlot(
  plot: HTMLElement,
  title: HTMLElement,
  narrow: (since: string, until: string) => void,
): (filters: Filters) => Promise<void> {
  plot.addEventListener('keydown', (event) => moveFocus(event, plot))
  const ask = openLatest()
  return async ({ from, since, until }) => {
    const isOutdated = ask()
    const plan = planPlot(since, until, Date.now())
    const { bucket } = plan
    const wanted = { q: '', to: '', from, since: plan.since, until: plan.until }
    const query = filterQuery(wanted)
    query.set('bucket', bucket)
    const { data } = await getJson<Volume>(`/stats/volume?${query}`)
    if (isOutdated()) return
    const bars = barsOf(plan, data)
    const most = Math.max(1, ...bars.map(({ count }) => count))
    const buttons = bars.map((bar) => makeBar(bar, most, () => narrow(bar.start, bar.end)))
    const [last] = buttons.slice(-1)
    if (last !== undefined) last.tabIndex = 0
    title.textContent = `${TITLES[bucket]}${from === '' ? '' : ` from ${from}`}, at most ${most}`
    plot.replaceChildren(...buttons)
  }
}
