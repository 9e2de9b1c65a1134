import type { Database } from 'bun:sqlite'
import { fold } from '../fold.ts'
import type { Progress } from '../upkeep.ts'
import { Differences } from './differences.ts'
import { gramsOf } from './grams.ts'
import { walkMessages } from './walk.ts'

/** Messages whose sums are held at a time: 96 MiB of doubles. */
const PASS_MESSAGES = 12_582_912

/** Sums are kept modulo this, so that they are exact in a double. */
const MODULUS = 2 ** 52

/** Pairs of a word and a message between two words on progress. */
const PROGRESS_PAIRS = 200_000

/** Messages out of place that are counted; more only say the same. */
const STRAYS_MAX = 1000

/** Bits of a 64-bit hash beyond the modulus. */
const EXCESS_BITS = 12n

/** Words whose hash is kept; forgotten all at once when there are more. */
const REMEMBERED_MAX = 100_000

const wordsOf = (text: string) => gramsOf(fold(text)).split(' ').filter(Boolean)

const hashOf = (word: string) => Number(Bun.hash.wyhash(word) >> EXCESS_BITS)

function rememberingHash(): (word: string) => number {
  const known = new Map<string, number>()
  return (word) => {
    const hash = known.get(word) ?? hashOf(word)
    if (known.size >= REMEMBERED_MAX) known.clear()
    known.set(word, hash)
    return hash
  }
}

/** One sum for each message of a range of seq. */
class Sums {
  readonly #sums: Float64Array

  /** For the messages from one seq to another, both included. */
  constructor(
    readonly first: number,
    readonly last: number,
  ) {
    this.#sums = new Float64Array(Math.max(0, last - first + 1))
  }

  get size(): number {
    return this.#sums.length
  }

  /** Adds to the sum of a message, or does nothing for one out of the range. */
  add(seq: number, value: number): void {
    const sum = (this.#sums[seq - this.first] ?? 0) + value
    this.#sums[seq - this.first] = sum >= MODULUS ? sum - MODULUS : sum
  }

  /** Every seq whose sum is not zero. */
  *others(): Generator<number> {
    for (const [index, sum] of this.#sums.entries()) if (sum !== 0) yield this.first + index
  }
}

/** Says of one message how its words in the index differ from those of its text. */
function describe(db: Database, seq: number): string {
  const row = db
    .query<{ text: string | null }, [number]>('SELECT text FROM messages WHERE seq = ?')
    .get(seq)
  const has = db.query('SELECT 1 FROM search.grams WHERE grams MATCH ? AND rowid = ?')
  const words = typeof row?.text === 'string' ? wordsOf(row.text) : []
  const missing = words.filter((word) => has.get(`"${word}"`, seq) === null)
  return missing.length > 0
    ? `seq ${seq} lacks ${missing.length} of its ${words.length} words`
    : `seq ${seq} has words that are not in its text`
}

/** Adds the words of the texts of a range. Returns how many that are. */
function addTexts(db: Database, sums: Sums, progress: Progress): number {
  const hash = rememberingHash()
  let pairs = 0
  for (const rows of walkMessages(db, progress, sums.first - 1)) {
    for (const { seq, text } of rows) {
      if (seq > sums.last) return pairs
      const words = text === null ? [] : wordsOf(text)
      pairs += words.length
      for (const word of words) sums.add(seq, hash(word))
    }
  }
  return pairs
}

/** Takes away the words of the index, and notes each seq that should not be in it. */
function takeIndex(
  db: Database,
  { sums, through, strays }: { sums: Sums; through: number; strays: Set<number> },
  progress: (pairs: number) => void,
): void {
  const pairs = db.query<{ term: string; doc: number }, []>('SELECT term, doc FROM temp.pairs')
  let [word, hash, done] = ['', 0, 0]
  for (const { term, doc } of pairs.iterate()) {
    if (term !== word) [word, hash] = [term, hashOf(term)]
    sums.add(doc, MODULUS - hash)
    if ((doc < 1 || doc > through) && strays.size < STRAYS_MAX) strays.add(doc)
    done += 1
    if (done % PROGRESS_PAIRS === 0) progress(done)
  }
}

/**
 * Compares the words of each message that the attached index should hold, seq 1 to `through`,
 * with those of its text: of either side a sum of 52-bit hashes is made for each message, so that
 * the index can be read in its own order, once, and nothing is sorted or written. A word too few
 * or too many goes unseen with a chance of 1 in 2^52.
 */
export function comparePostings(db: Database, through: number, progress: Progress): Differences {
  const differences = new Differences()
  const strays = new Set<number>()
  db.run("CREATE VIRTUAL TABLE temp.pairs USING fts5vocab('search', 'grams', 'instance')")
  for (let first = 1; first <= Math.max(through, 1); first += PASS_MESSAGES) {
    const sums = new Sums(first, Math.min(through, first + PASS_MESSAGES - 1))
    const half = (fraction: number) => progress(first - 1 + fraction * sums.size, through)
    const pairs = addTexts(db, sums, (seq) => half((0.5 * (seq - first)) / sums.size))
    takeIndex(db, { sums, through, strays }, (done) => half(0.5 + (0.5 * done) / (pairs || 1)))
    for (const seq of sums.others()) {
      differences.add(differences.takesWords ? describe(db, seq) : `seq ${seq}`)
    }
  }
  for (const seq of strays) differences.add(`seq ${seq} is in it but should not be`)
  db.run('DROP TABLE temp.pairs')
  return differences
}
