import { join } from 'node:path'
import { answeredNumber } from './answer.ts'
import type { Attack, Context, Tally } from './attack.ts'
import { Book } from './book.ts'
import { numberAt, numberOf } from './mint.ts'
import { record } from './recording.ts'
import { type Event, readTrace } from './trace.ts'

/** Messages for each round, since a trace writes down every byte. */
const MESSAGES = 100

/** Most messages of a run. */
const MESSAGES_MAX = 20_000

/** Length of the header before each page in a WAL (https://sqlite.org/walformat.html). */
const FRAME_HEADER_BYTES = 24

/** Whether a write is the header of a frame that ends a transaction: it has the database's size. */
const isCommit = (data: Buffer) => data.length === FRAME_HEADER_BYTES && data.readUInt32BE(4) !== 0

/**
 * The numbers of messages whose ids or times are among the bytes of a page. The messages of a
 * commit are one row, and where it goes on in the next page, it may cut one of the two, never both.
 */
function numbersIn(data: Buffer): number[] {
  const found = data.toString('latin1').matchAll(/n[0-9]+\.|20[0-9T:-]{17}\.[0-9]{3}Z/g)
  return [...found].flatMap(([text]) => numberOf(text) ?? numberAt(text) ?? [])
}

/** How far the messages of one file's log have come. */
class LogFile {
  /** Written, their transaction not yet. */
  #written: number[] = []
  /** Their transaction is written, or its last page is about to be. */
  #committed: number[] = []
  #committing = false
  readonly #syncing = new Map<string, number[]>()

  write(data: Buffer): void {
    if (isCommit(data)) {
      this.#committing = true
      return
    }
    this.#written.push(...numbersIn(data))
    if (!this.#committing) return
    this.#committed.push(...this.#written)
    this.#written = []
    this.#committing = false
  }

  /** A sync covers what was written before it began. */
  sync(thread: string): void {
    this.#syncing.set(thread, this.#committed)
    this.#committed = []
  }

  /** The messages that this sync has put on the disk. */
  synced(thread: string): readonly number[] {
    const numbers = this.#syncing.get(thread) ?? []
    this.#syncing.delete(thread)
    return numbers
  }
}

/** Follows a trace: which messages are on the disk, and which were answered before they were. */
class Watch {
  readonly #logs = new Map<string, LogFile>()
  readonly #durable = new Set<number>()
  readonly early = new Set<number>()
  readonly answered = new Set<number>()
  syncs = 0

  #log(file: string): LogFile {
    const log = this.#logs.get(file) ?? new LogFile()
    this.#logs.set(file, log)
    return log
  }

  see(event: Event): void {
    if (event.kind === 'answer') this.#answer(event.text)
    if (!('file' in event) || !event.file?.endsWith('-wal')) return
    const log = this.#log(event.file)
    if (event.kind === 'write') log.write(event.data)
    if (event.kind === 'sync') log.sync(event.thread)
    if (event.kind !== 'synced') return
    this.syncs += 1
    for (const number of log.synced(event.thread)) this.#durable.add(number)
  }

  #answer(text: string): void {
    const number = answeredNumber(text)
    if (number === undefined) return
    this.answered.add(number)
    if (!this.#durable.has(number)) this.early.add(number)
  }
}

async function run(context: Context): Promise<Tally> {
  const book = new Book()
  const database = join(context.folder, 'app.db')
  const messages = Math.min(MESSAGES_MAX, MESSAGES * context.rounds)
  const { trace } = await record(context, { database, book, messages })
  const watch = new Watch()
  for await (const event of readTrace(trace, database)) watch.see(event)
  const unseen = [...Array(book.sent).keys()]
    .filter((number) => book.isAcknowledged(number))
    .filter((number) => !watch.answered.has(number))
  const problems: string[] = []
  const [first] = watch.early
  if (first !== undefined) {
    problems.push(`${watch.early.size} answers left before the fsync, first that of ${first}`)
  }
  if (unseen.length > 0)
    problems.push(`the trace lacks ${unseen.length} answers: it proves nothing`)
  return {
    ...{ rounds: 1, acknowledged: book.acknowledged, lost: 0, doubled: 0, problems },
    notes: [`${watch.answered.size} messages answered after ${watch.syncs} syncs of a log`],
  }
}

/** Every 200 leaves its socket after the fsync of the log that holds its row, by a trace. */
export const SYNCED: Attack = { name: 'synced', title: 'each 200 after its fsync, traced', run }
