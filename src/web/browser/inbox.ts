import { Refused } from './api.ts'
import { openDetail } from './detail.ts'
import { fieldOf, find } from './element.ts'
import { addressOf, FILTER_NAMES, type Filters, readFilters } from './filters.ts'
import { openGate } from './gate.ts'
import { openGlance } from './glance.ts'
import { MessageList } from './list.ts'
import { fromField, toField } from './moment.ts'
import { openPlot } from './plot.ts'
import { openSenders } from './senders.ts'
import { openTrial } from './trial.ts'

/** How often the page looks for what is new, in milliseconds. */
const LOOK_MILLISECONDS = 1000

/** How far below the screen the end of the list may be before more is fetched. */
const READ_ON_PIXELS = 1500

const form = find('filters', HTMLFormElement)
const count = find('count', HTMLElement)
const more = find('more', HTMLButtonElement)
const messages = find('messages', HTMLElement)
const gate = openGate()
const list = new MessageList({ list: messages, count, more }, readFilters(location.search))
const glance = openGlance(find('glance', HTMLElement))
const detail = openDetail(() => visit(addressOf(readFilters(location.search)), false))
const plot = openPlot(find('plot', HTMLElement), find('plot-title', HTMLElement), (since, until) =>
  narrow({ since, until }),
)
const senders = openSenders(find('senders', HTMLElement), (from) => narrow({ from }))

/** Does what needs the API's token; asks for that where it is missing, and does it again. */
async function withToken(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (error instanceof Refused && error.status === 401) {
      count.textContent = 'These messages are shown to whoever has the API_TOKEN.'
      await gate.ask('This inbox wants its API_TOKEN. It is kept for this tab alone.')
      return withToken(work)
    }
    count.textContent = error instanceof Error ? error.message : String(error)
  }
}

/** What a field of the form says; where nobody has touched it, what the address says. */
function timeOf(name: 'since' | 'until'): string {
  const [field, filter] = [fieldOf(form, name), readFilters(location.search)[name]]
  return field === toField(filter) ? filter : fromField(field)
}

function fillForm(filters: Filters): void {
  for (const name of FILTER_NAMES) {
    const field = form.elements.namedItem(name)
    if (!(field instanceof HTMLInputElement)) continue
    field.value = name === 'since' || name === 'until' ? toField(filters[name]) : filters[name]
  }
}

/** Shows what the page's address says. */
async function show(): Promise<void> {
  const filters = readFilters(location.search)
  fillForm(filters)
  await withToken(() => list.load(filters))
  performance.mark('interactive')
  await withToken(readOn)
  await withToken(() => Promise.all([plot(filters), senders(filters.from)]))
}

/** Shows the message of the address, if it names one. */
async function showOpened(): Promise<void> {
  const opened = new URLSearchParams(location.search).get('message')
  if (opened !== null) await withToken(() => detail(opened))
}

function visit(address: string, reload = true): void {
  if (address === location.pathname + location.search) return
  history.pushState(null, '', address)
  if (reload) void show()
}

function narrow(changes: Partial<Filters>): void {
  visit(addressOf({ ...readFilters(location.search), ...changes }))
}

/** Whether there is more below the list, and its end is near. */
const isNear = () => !more.hidden && more.getBoundingClientRect().top < innerHeight + READ_ON_PIXELS

const readOn = () => list.readOn(isNear)

/** Looks for what is new, unless nobody looks or the page is at something else. */
async function look(): Promise<void> {
  if (document.visibilityState !== 'visible') return
  try {
    const filters = readFilters(location.search)
    const [fresh] = await Promise.all([list.refresh(), glance()])
    if (fresh > 0) await Promise.all([plot(filters), senders(filters.from)])
  } catch {
    // The list says what is wrong when somebody asks it for something.
  }
}

async function keepLooking(): Promise<void> {
  await look()
  setTimeout(keepLooking, LOOK_MILLISECONDS)
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  narrow({
    q: fieldOf(form, 'q'),
    from: fieldOf(form, 'from'),
    to: fieldOf(form, 'to'),
    since: timeOf('since'),
    until: timeOf('until'),
  })
})
find('clear', HTMLButtonElement).addEventListener('click', () => visit('/'))
find('open-tokens', HTMLButtonElement).addEventListener('click', async () => {
  await gate.ask()
  await show()
})
messages.addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest('a') : null
  const plain = !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
  if (link?.dataset.id === undefined || !plain) return
  event.preventDefault()
  visit(addressOf(readFilters(location.search), link.dataset.id), false)
  void showOpened()
})
more.addEventListener('click', () => void withToken(() => list.more()))
addEventListener('scroll', () => void withToken(readOn), { passive: true })
addEventListener('popstate', () => {
  if (!new URLSearchParams(location.search).has('message')) {
    find('message', HTMLDialogElement).close()
  }
  void show().then(showOpened)
})
openTrial(() => void look())

await show()
await showOpened()
void keepLooking()
