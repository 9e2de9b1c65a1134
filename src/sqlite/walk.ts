import type { Database } from 'bun:sqlite'
import { fold } from '../fold.ts'
import { parseInstant } from '../instant.ts'
import type { Progress } from '../upkeep.ts'

/** A message as far as anything is derived from it. */
export interface Walked {
  readonly seq: number
  readonly ts: string
  /** Microseconds since the epoch as digits: they may not fit a double. */
  readonly instant: string
  readonly text: string | null
  /** The text that queries compare with. */
  readonly folded: string | null
}

/** Messages that are held at a time: with the longest texts some 30 MiB. */
const CHUNK_ROWS = 2000

/** Comes before every seq, even one that a damaged database may have. */
const BEFORE_ALL = Number.MIN_SAFE_INTEGER

/**
 * Yields the messages that come after a seq, all unless it is given, in order of seq and in
 * chunks; by the table itself and no index.
 */
export function* walkMessages(
  db: Database,
  progress: Progress,
  start = BEFORE_ALL,
): Generator<readonly Walked[]> {
  const next = db.query<Walked, [number]>(
    `SELECT seq, ts, CAST(instant AS TEXT) AS instant, text,
       coalesce(folded, lower(text)) AS folded
     FROM messages NOT INDEXED WHERE seq > ? ORDER BY seq LIMIT ${CHUNK_ROWS}`,
  )
  const total = db.query<{ n: number | null }, []>('SELECT max(seq) AS n FROM messages').get()?.n
  for (let after = start; ; ) {
    const rows = next.all(after)
    const last = rows.at(-1)
    if (last === undefined) return
    yield rows
    after = last.seq
    progress(after, total ?? 0)
  }
}

/** What is wrong with the columns that are derived within a message's own row; empty if nothing. */
export function faultsOf({ seq, ts, instant, text, folded }: Walked): string[] {
  const faults: string[] = []
  const meant = parseInstant(ts)
  if (meant === undefined) faults.push(`seq ${seq} has a ts that is no instant`)
  else if (String(meant) !== instant) faults.push(`seq ${seq} has another instant than its ts`)
  if (folded !== (text === null ? null : fold(text))) {
    faults.push(`seq ${seq} has another folded text than its text`)
  }
  return faults
}
