import type { Database } from 'bun:sqlite'
import type { KeptQuery, StatusQuery } from '../listing.ts'
import type { Message, MessageRecord } from '../message.ts'
import type { Page } from '../page.ts'
import type { ListQuery, Stats } from '../query.ts'
import type { KeptRecord, KeptStatus } from '../records.ts'
import { QueryStopped } from '../store.ts'
import type { VolumeCount, VolumeQuery } from '../volume.ts'
import { type Allowance, type Budget, startBudget } from './budget.ts'
import { openReading, over } from './connection.ts'
import { countAll } from './count.ts'
import { speaking } from './fault.ts'
import { gather } from './gather.ts'
import { listKept } from './kept.ts'
import { listPage, pageOf, rowsOf } from './list.ts'
import { Matches } from './matches.ts'
import { planSearch, SEARCH_LIMITS, type Search, type SearchLimits, type Tools } from './plan.ts'
import { Postings } from './postings.ts'
import { Sample } from './sample.ts'
import { walkRows } from './search.ts'
import { openSearching } from './search_file.ts'
import { findStatus, listStatuses } from './statuses.ts'
import { Totals } from './totals.ts'
import { countVolume } from './volume.ts'

/** Where the matches are fewer than so many walks look at, the index is asked after one walk. */
const BUNCHED_WALKS = 10

/** Searches after a start that nobody asked for: how many, how long each, and of what length. */
const PREPARING = { steps: 8, milliseconds: 50, characters: { long: 6, short: 2 } }

const RECORD = `
  SELECT message_id, sender AS "from", recipient AS "to", ts, text, messages.seq, received_at,
    type, profile_name, reply_to, media_ids, phone_number_id, raw
  FROM messages LEFT JOIN whatsapp_messages ON whatsapp_messages.seq = messages.seq`

const SENDERS_COUNT = 'SELECT senders AS n FROM derived'
const BUSIEST = `
  SELECT number AS "from", count FROM top_senders ORDER BY count DESC, number`

type Details = NonNullable<MessageRecord['whatsapp']>
type Columns = Omit<Details, 'type' | 'media_ids'>

/** A row of RECORD; all that WhatsApp adds is null where the message came another way. */
interface RecordRow extends Omit<MessageRecord, 'received_at' | 'whatsapp'>, Columns {
  readonly received_at: number
  readonly type: string | null
  readonly media_ids: string
}

function stored(record: RecordRow): MessageRecord {
  const { type, profile_name, reply_to, media_ids, phone_number_id, raw, ...message } = record
  const received_at = new Date(message.received_at).toISOString()
  if (type === null) return { ...message, received_at }
  const whatsapp = {
    ...{ type, profile_name, reply_to, phone_number_id },
    media_ids: JSON.parse(media_ids),
    raw,
  }
  return { ...message, received_at, whatsapp }
}

/** The verbs of a reader that are questions of a client. */
export type Question =
  | 'list'
  | 'find'
  | 'stats'
  | 'volume'
  | 'readAfter'
  | 'listStatuses'
  | 'findStatus'
  | 'listKept'

/** How a reader is opened. */
interface ReaderOptions {
  /** A clock in milliseconds, for the questions that come with an allowance. */
  readonly now: () => number
  readonly limits: SearchLimits
}

/** For a question that may take as long as it does. */
const ENDLESS: Budget = { check: () => {} }

/** The reading half of the engine: the SQL of every question, on one connection. */
export class Reader {
  readonly #db: Database
  readonly #now: () => number
  readonly #tools: Tools
  readonly #totals: Totals

  /** Takes an open, migrated database; a read-only connection is enough. */
  constructor(
    db: Database,
    { now = () => 0, limits = SEARCH_LIMITS }: Partial<ReaderOptions> = {},
  ) {
    this.#db = db
    this.#now = now
    const sample = new Sample(db, limits.sampleMessages)
    const matches = new Matches(limits.matches)
    this.#tools = { db, sample, postings: new Postings(db), matches, limits }
    this.#totals = new Totals(this.#tools)
  }

  /**
   * See Store.list; a needle is looked for in every message that the other filters leave. Throws
   * QueryStopped.
   */
  list(query: ListQuery, allowance?: Allowance): Page<Message> {
    const budget = this.#budget(allowance)
    budget.check()
    return this.#snapshot(() => listPage(this.#db, query, budget))
  }

  /**
   * See Store.list; for a query that may have to look at many messages, on a connection that has
   * the search index. Throws QueryStopped.
   */
  search(query: ListQuery, allowance?: Allowance): Page<Message> {
    const budget = this.#budget(allowance)
    budget.check()
    return speaking(() => {
      const through = countAll(this.#db)
      if (query.offset >= BigInt(through)) {
        return { data: [], total: this.#totals.total(query, through, budget) }
      }
      const search = planSearch(this.#tools, query)
      const walked = this.#walk(search, through, budget)
      if (walked !== undefined) {
        return pageOf(walked, this.#totals.total(query, through, budget), query.limit)
      }
      const { rows, total } = gather(this.#tools, search, through, budget)
      this.#totals.remember(query, through, total)
      return pageOf(rows, total, query.limit)
    })
  }

  /**
   * Searches though nobody asked, step by step: the first search reads a good deal from the disk
   * for the first time, and runs through code that is not compiled yet. Returns whether there is
   * another step. Throws as search does.
   */
  prepare(step: number): boolean {
    const { steps, milliseconds, characters } = PREPARING
    const length = step % 2 === 0 ? characters.long : characters.short
    const q = this.#tools.sample.part((step + 1) / (steps + 1), length)
    if (q === undefined) return false
    try {
      this.search({ limit: 1, offset: 0n, q }, { milliseconds, gone: new Int32Array(1) })
    } catch (error) {
      if (!(error instanceof QueryStopped)) throw error
    }
    return step + 1 < steps
  }

  /** See Store.find. */
  find(messageId: string): MessageRecord | undefined {
    const sql = `${RECORD} WHERE message_id = ?`
    return this.#snapshot(() => {
      const record = this.#db.query<RecordRow, [string]>(sql).get(messageId)
      return record === null ? undefined : stored(record)
    })
  }

  /** See Store.stats. */
  stats(): Stats {
    return this.#snapshot(() => ({
      total_messages: countAll(this.#db),
      senders_count: this.#db.query<{ n: number }, []>(SENDERS_COUNT).get()?.n ?? 0,
      messages_per_sender: this.#db.query<{ from: string; count: number }, []>(BUSIEST).all(),
      first_message_ts: this.#edge('ASC'),
      last_message_ts: this.#edge('DESC'),
    }))
  }

  /** See Store.volume. */
  volume(query: VolumeQuery, allowance?: Allowance): VolumeCount[] {
    const budget = this.#budget(allowance)
    return this.#snapshot(() => countVolume(this.#db, query, budget))
  }

  /** See Store.readAfter. */
  readAfter(seq: number, limit: number): MessageRecord[] {
    const sql = `${RECORD} WHERE messages.seq > ? ORDER BY messages.seq LIMIT ?`
    return this.#snapshot(() =>
      this.#db.query<RecordRow, [number, number]>(sql).all(seq, limit).map(stored),
    )
  }

  /** See Store.listStatuses. */
  listStatuses(query: StatusQuery): Page<KeptStatus> {
    return this.#snapshot(() => listStatuses(this.#db, query))
  }

  /** See Store.findStatus. */
  findStatus(messageId: string): KeptStatus | undefined {
    return this.#snapshot(() => findStatus(this.#db, messageId))
  }

  /** See Store.listKept. */
  listKept(query: KeptQuery): Page<KeptRecord> {
    return this.#snapshot(() => listKept(this.#db, query))
  }

  /** Closes the connection. */
  close(): void {
    this.#db.close(true)
  }

  #budget(allowance: Allowance | undefined): Budget {
    return allowance === undefined ? ENDLESS : startBudget(allowance, this.#now)
  }

  /** The rows of a page by walking, or undefined where the index is the better way. */
  #walk(search: Search, through: number, budget: Budget): Message[] | undefined {
    const { walkRows: rows } = this.#tools.limits
    if (search.kind === 'narrow') {
      return rowsOf(this.#db, search.query, search.query.limit + 1, through)
    }
    if (search.kind === 'index') return undefined
    // A needle can be common and yet be bunched where a walk does not come by.
    const bunched = search.needle !== undefined && search.expected < rows * BUNCHED_WALKS
    const parts = bunched ? 1 : Number.POSITIVE_INFINITY
    return walkRows(this.#db, search, { through, walkRows: rows, parts }, budget)
  }

  #edge(direction: 'ASC' | 'DESC'): string | null {
    const order = `instant ${direction}, message_id ${direction}`
    const sql = `SELECT ts FROM messages ORDER BY ${order} LIMIT 1`
    return this.#db.query<{ ts: string }, []>(sql).get()?.ts ?? null
  }

  /** Runs several statements over one snapshot. */
  #snapshot<T>(work: () => T): T {
    return speaking(() => this.#db.transaction(work).deferred())
  }
}

type Clock = ReaderOptions['now']

/** Opens a reader of a file that cannot search; see openReading. */
export function openReader(path: string, now: Clock): Reader {
  return over(openReading(path), (db) => new Reader(db, { now }))
}

/** Opens a reader of a file that can search; see openSearching. */
export function openSearcher(path: string, now: Clock): Reader {
  return over(openSearching(path), (db) => new Reader(db, { now }))
}
