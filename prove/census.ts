import type { Book } from './book.ts'
import { type Minted, timeOf, wordOf } from './mint.ts'

/** What a census has found; see Tally. */
export interface Census {
  readonly lost: number
  readonly doubled: number
  readonly problems: readonly string[]
}

interface Page {
  readonly data: readonly Minted[]
  readonly total: number
}

interface Stats {
  readonly total_messages: number
  readonly senders_count: number
  readonly messages_per_sender: readonly { readonly from: string; readonly count: number }[]
  readonly first_message_ts: string | null
  readonly last_message_ts: string | null
}

async function get(url: string): Promise<Response> {
  const answer = await fetch(url)
  if (answer.status !== 200)
    throw new Error(`GET ${new URL(url).pathname} answers ${answer.status}`)
  return answer
}

/** Every row of a listing, page by page along its links. */
async function* walk(url: string, path: string): AsyncGenerator<Minted> {
  for (let next: string | undefined = path; next !== undefined; ) {
    const answer = await get(new URL(next, url).href)
    yield* ((await answer.json()) as Page).data
    next = /<([^>]+)>; *rel="next"/.exec(answer.headers.get('link') ?? '')?.[1]
  }
}

const totalOf = async (url: string, parameters: Record<string, string>) => {
  const query = new URLSearchParams({ ...parameters, limit: '1' })
  return ((await (await get(`${url}/messages?${query}`)).json()) as Page).total
}

/** Reads all rows from message `low` on into the book. */
async function list(url: string, book: Book, low: number): Promise<Census> {
  const seen = new Set<string>()
  const problems: string[] = []
  let doubled = 0
  for await (const row of walk(url, `/messages?limit=100&since=${timeOf(low)}`)) {
    const number = book.recognise(row)
    if (seen.has(row.message_id)) doubled += 1
    else if (number === undefined) problems.push(`${row.message_id} is not as it was sent first`)
    else book.find(number)
    seen.add(row.message_id)
  }
  let lost = 0
  for (let number = low; number < book.sent; number += 1) {
    if (book.isAcknowledged(number) && !book.isStored(number)) lost += 1
  }
  return { lost, doubled, problems }
}

function differences(expected: Record<string, unknown>, found: Record<string, unknown>): string[] {
  return Object.entries(expected)
    .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(found[name]))
    .map(([name, value]) => {
      return `${name} is ${JSON.stringify(found[name])}, a recount gives ${JSON.stringify(value)}`
    })
}

/** What /stats must say. */
function statsOf({ recount }: Book): Record<keyof Stats, unknown> {
  const byRank = ([a, n]: [string, number], [b, m]: [string, number]) => m - n || (a < b ? -1 : 1)
  const busiest = [...recount.senders].sort(byRank).slice(0, 10)
  const time = (number: number) => (Number.isNaN(number) ? null : timeOf(number))
  return {
    total_messages: recount.stored,
    senders_count: recount.senders.size,
    messages_per_sender: busiest.map(([from, count]) => ({ from, count })),
    first_message_ts: time(recount.first),
    last_message_ts: time(recount.last),
  }
}

/** The totals of each word and of each sender: as counted, and as the service has them. */
async function totals(url: string, { recount }: Book) {
  const expected: Record<string, number> = {}
  const found: Record<string, number> = {}
  for (const [word, count] of recount.words) {
    expected[`total of q=${word}`] = count
    found[`total of q=${word}`] = await totalOf(url, { q: word.toUpperCase() })
  }
  for (const [from, count] of recount.senders) {
    expected[`total of from=${from}`] = count
    found[`total of from=${from}`] = await totalOf(url, { from })
  }
  return { expected, found }
}

/** One of the latest messages with a text, found by its words. */
async function searchLast(url: string, book: Book): Promise<string[]> {
  let number = book.recount.last
  while (number >= 0 && (wordOf(number) === undefined || !book.isStored(number))) number -= 1
  if (!(number >= 0)) return []
  const total = await totalOf(url, { q: `message ${number} about` })
  return total === 1 ? [] : [`a search for the words of message ${number} finds ${total}`]
}

/**
 * Compares all that a service says with the book: every message from number `low` on by listing
 * it, and the totals, /stats and the search by a recount. All below `low` must have been listed
 * before. Nothing may be sent meanwhile. Throws where the service does not answer.
 */
export async function takeCensus(url: string, book: Book, low: number): Promise<Census> {
  const listed = await list(url, book, low)
  const stats = (await (await get(`${url}/stats`)).json()) as Stats
  const { expected, found } = await totals(url, book)
  return {
    ...listed,
    problems: [
      ...listed.problems,
      ...differences(statsOf(book), { ...stats }),
      ...differences(expected, found),
      ...(await searchLast(url, book)),
    ],
  }
}
