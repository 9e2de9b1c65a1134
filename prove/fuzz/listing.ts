import { SECRET } from '../../bench/contestants.ts'
import type { Server } from '../../bench/server.ts'
import { numberOf, openMint } from '../mint.ts'
import { openWire } from '../wire.ts'
import type { Row } from './ledger.ts'

/** Messages that are there before the first shot, so that there are cursors to be had. */
const FIXTURES = 40

/** Pages of a listing, each with what leads to the next. */
async function* pages(url: string, path: string) {
  for (let next: string | undefined = path; next !== undefined; ) {
    const answer: Response = await fetch(new URL(next, url))
    const { data } = (await answer.json()) as { data: Row[] }
    next = /<([^>]+)>; *rel="next"/.exec(answer.headers.get('link') ?? '')?.[1]
    yield { data, next }
  }
}

/** Every row that is there but the fixtures. */
export async function* listRows(url: string): AsyncGenerator<Row> {
  for await (const { data } of pages(url, '/messages?limit=100')) {
    yield* data.filter(({ message_id }) => numberOf(message_id) === undefined)
  }
}

/** Cursors of a few queries over messages that are always the same; stores those first. */
export async function harvestCursors({ url, port }: Server): Promise<string[]> {
  const mint = openMint(SECRET)
  using wire = await openWire(port)
  for (let number = 0; number < FIXTURES; number += 1) {
    wire.send(mint.delivery(number))
    await wire.answer()
  }
  const cursors: string[] = []
  for (const query of ['', '&order=desc', '&q=e', '&since=2025-01-01T00:00:00Z']) {
    for await (const { next } of pages(url, `/messages?limit=9${query}`)) {
      const cursor = next === undefined ? null : new URL(next, url).searchParams.get('cursor')
      if (cursor !== null) cursors.push(cursor)
    }
  }
  return cursors
}
