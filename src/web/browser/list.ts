import { getPage, type Message, type Page } from './api.ts'
import { make } from './element.ts'
import { addressOf, type Filters, filterQuery } from './filters.ts'
import { localTime } from './moment.ts'
import { grouped } from './number.ts'

/** Messages in a page; a screen shows about twenty. */
const PAGE_MESSAGES = 50

/** The parts of the page that a list fills. */
interface ListParts {
  readonly list: HTMLElement
  readonly count: HTMLElement
  readonly more: HTMLElement
}

/** A page on its way; `ended` resolves when it is shown, no longer wanted or failed. */
interface Loading {
  readonly controller: AbortController
  readonly ended: Promise<void>
}

function makeText({ text }: Message): HTMLElement {
  return text === null
    ? make('span', { className: 'text none', textContent: 'no text' })
    : make('span', { className: 'text', dir: 'auto', textContent: text })
}

/**
 * The messages that match, latest first: page after page by the cursor, and those that come in
 * later in their places.
 */
export class MessageList {
  readonly #parts: ListParts
  readonly #items = new Map<string, HTMLLIElement>()
  #filters: Filters
  /** The page that follows, and the row that it follows. */
  #next: string | undefined
  #end: Element | null = null
  #loading: Loading | undefined
  #reading = false

  constructor(parts: ListParts, filters: Filters) {
    this.#parts = parts
    this.#filters = filters
  }

  /**
   * Starts anew with other filters; what is still under way for the old ones is dropped. Where that
   * fails nothing is left of the old ones either.
   */
  async load(filters: Filters): Promise<void> {
    this.#loading?.controller.abort()
    this.#filters = filters
    try {
      await this.#fetch(this.#firstPath(), (page) => this.#begin(page))
    } catch (error) {
      this.#begin({ data: [], total: 0, next: undefined })
      throw error
    }
  }

  /** Adds the next page, if there is one, after waiting for one that is on its way. */
  async more(): Promise<void> {
    await this.#loading?.ended
    if (this.#loading === undefined && this.#next !== undefined)
      await this.#fetch(this.#next, (page) => this.#append(page))
  }

  /** Adds page after page while more are wanted, once however often it is asked. */
  async readOn(isWanted: () => boolean): Promise<void> {
    if (this.#reading) return
    this.#reading = true
    try {
      while (isWanted()) await this.more()
    } finally {
      this.#reading = false
    }
  }

  /** Puts in what has come since among the latest; says how many that are. */
  async refresh(): Promise<number> {
    if (this.#loading !== undefined) return 0
    return (await this.#fetch(this.#firstPath(), (page) => this.#merge(page))) ?? 0
  }

  #firstPath(): string {
    const query = filterQuery(this.#filters)
    query.set('order', 'desc')
    query.set('limit', String(PAGE_MESSAGES))
    return `/messages?${query}`
  }

  /** Fetches one page at a time and shows it; undefined where it is no longer wanted. */
  async #fetch<T>(path: string, show: (page: Page) => T): Promise<T | undefined> {
    const controller = new AbortController()
    const { promise: ended, resolve: end } = Promise.withResolvers<void>()
    const loading = { controller, ended }
    this.#loading = loading
    try {
      return show(await getPage(path, controller.signal))
    } catch (error) {
      if (controller.signal.aborted) return undefined
      throw error
    } finally {
      if (this.#loading === loading) this.#loading = undefined
      end()
    }
  }

  #begin(page: Page): void {
    this.#items.clear()
    this.#parts.list.replaceChildren()
    this.#end = null
    this.#append(page)
  }

  #append(page: Page): void {
    this.#end = this.#putIn(page, this.#end)
    this.#next = page.next
    this.#show(page.total)
  }

  /** Puts a first page in among what is shown; says how many of its messages are new. */
  #merge(page: Page): number {
    const isNew = ({ message_id }: Message) => !this.#items.has(message_id)
    const fresh = page.data.filter(isNew).length
    // Between a page that ends with a new one and those that are shown there may be more.
    if (page.data.slice(-1).some(isNew) && page.next !== undefined) this.#begin(page)
    else this.#update(page)
    return fresh
  }

  /** Where all has been read, what came further down is read on from here. */
  #update(page: Page): void {
    const end = this.#putIn(page, null)
    if (this.#next === undefined && this.#items.size < page.total) {
      this.#next = page.next
      this.#end = end
    }
    this.#show(page.total)
  }

  /** Puts a page's messages in, each behind the one before it. Returns the last one's row. */
  #putIn({ data }: Page, start: Element | null): Element | null {
    let after = start
    for (const message of data) {
      const known = this.#items.get(message.message_id)
      const item = known ?? this.#makeItem(message)
      if (known === undefined) {
        if (after === null) this.#parts.list.prepend(item)
        else after.after(item)
      }
      after = item
    }
    return after
  }

  #makeItem(message: Message): HTMLLIElement {
    const { message_id: id, from, to, ts } = message
    const time = make('time', { dateTime: ts, title: ts, textContent: localTime(ts) })
    const party = make('span', { className: 'party', title: `to ${to}`, textContent: from })
    const link = make('a', { href: addressOf(this.#filters, id) }, time, party, makeText(message))
    link.dataset.id = id
    const item = make('li', {}, link)
    this.#items.set(id, item)
    return item
  }

  #show(total: number): void {
    const { count, more } = this.#parts
    const text = `${grouped(this.#items.size)} of ${grouped(total)} messages`
    if (count.textContent !== text) count.textContent = text
    more.hidden = this.#next === undefined
  }
}
