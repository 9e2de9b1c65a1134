import { Database } from 'bun:sqlite'
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { INDEX_MESSAGES } from '../../src/sqlite/indexing.ts'
import { openSqliteStore } from '../../src/sqlite/store.ts'
import type { Store } from '../../src/store.ts'
import { makeChance } from '../chance.ts'
import { writeFirstRelease } from './bulk.ts'
import { makeMessage } from './messages.ts'

const BATCH_MESSAGES = 1000

/** Messages between two lines of progress. */
const LEG_MESSAGES = 1_000_000

const LOOK_MILLISECONDS = 100

/** A store that is ready to be measured. */
export interface Built {
  /** Messages that it was built with; ingest has added some more since. */
  readonly size: number
  readonly path: string
  /** Bytes of those messages as JSON. */
  readonly jsonBytes: number
  /** Bytes of the database and of its search file when they were built. */
  readonly bytes: number
  readonly searchBytes: number
  /** Messages appended per second, for each million; the last leg may be shorter. */
  readonly perSecond: readonly number[]
  /** From the last append until every message was indexed. */
  readonly indexSeconds: number
}

interface BuildOptions {
  readonly folder: string
  readonly size: number
  readonly texts: readonly string[]
  /** Whether to make it at a stretch, as a database of the first release. */
  readonly bulk: boolean
  readonly say: (what: string) => void
}

/** One number from a database that others may write to at the same time. */
function numberIn(path: string, sql: string): number {
  using db = new Database(path, { readonly: true })
  return db.query<{ n: number | null }, []>(sql).get()?.n ?? 0
}

/** The number of the last message: none is missing before it. */
const countIn = (path: string) => numberIn(path, 'SELECT max(seq) AS n FROM messages')

/** Resolves when the search index of an open store has all of its messages; returns seconds. */
async function untilIndexed(path: string, size: number): Promise<number> {
  const startedAt = performance.now()
  const through = () => numberIn(`${path}.search`, 'SELECT through AS n FROM indexed')
  while (size - through() >= INDEX_MESSAGES) await Bun.sleep(LOOK_MILLISECONDS)
  return (performance.now() - startedAt) / 1000
}

/** Appends the messages from number `from` to before `to`; returns their bytes as JSON. */
async function fill(store: Store, options: BuildOptions, from: number, to: number) {
  const { size, texts } = options
  const chance = makeChance(from + 1)
  let bytes = 0
  for (let first = from; first < to; first += BATCH_MESSAGES) {
    const count = Math.min(BATCH_MESSAGES, to - first)
    const batch = Array.from({ length: count }, (_, n) =>
      makeMessage(texts, (first + n) / size, chance),
    )
    for (const message of batch) bytes += Buffer.byteLength(JSON.stringify(message))
    await store.append(batch.map((message) => ({ ...message, receivedAt: Date.now() })))
  }
  return bytes
}

/** Leg by leg, so that one that was cut short only costs its own leg. */
async function fillLegs(store: Store, options: BuildOptions, path: string) {
  const { size, say } = options
  const perSecond: number[] = []
  let jsonBytes = 0
  let from = countIn(path)
  const start = from
  while (from < size) {
    const to = Math.min(size, from + LEG_MESSAGES)
    const startedAt = performance.now()
    jsonBytes += await fill(store, options, from, to)
    const rate = ((to - from) * 1000) / (performance.now() - startedAt)
    perSecond.push(Math.round(rate))
    const through = numberIn(`${path}.search`, 'SELECT through AS n FROM indexed')
    say(`${to} of ${size}: ${Math.round(rate)} messages/s; ${through} are indexed`)
    from = to
  }
  // What an earlier, interrupted build appended is taken to be like the rest.
  return { perSecond, jsonBytes: Math.round((jsonBytes * size) / Math.max(1, size - start)) }
}

function writeAtStretch({ size, texts }: BuildOptions, path: string): number {
  rmSync(path, { force: true })
  const chance = makeChance(1)
  return writeFirstRelease(path, size, (number) => makeMessage(texts, number / size, chance))
}

/** Builds a store of so many messages, or takes the one that an earlier run has left. */
export async function buildStore(options: BuildOptions): Promise<Built> {
  const { folder, size, say } = options
  const home = join(folder, String(size))
  const path = join(home, 'app.db')
  const note = join(home, 'built.json')
  if (existsSync(note)) return { ...((await Bun.file(note).json()) as Built), path }
  mkdirSync(home, { recursive: true })
  say(`building a store of ${size} messages`)
  const bulkBytes = options.bulk ? writeAtStretch(options, path) : 0
  const store = await openSqliteStore(path)
  const filled = options.bulk
    ? { perSecond: [], jsonBytes: bulkBytes }
    : await fillLegs(store, options, path)
  const indexSeconds = await untilIndexed(path, size)
  say(`${size} messages are indexed, ${Math.round(indexSeconds)} s after the last append`)
  await store.close()
  const sizes = { bytes: statSync(path).size, searchBytes: statSync(`${path}.search`).size }
  const built = { size, path, indexSeconds, ...filled, ...sizes }
  await Bun.write(note, JSON.stringify({ ...built, path: undefined }))
  return built
}
