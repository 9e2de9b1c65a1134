/** Needles whose matches are remembered; the one used longest ago is forgotten first. */
const NEEDLES_MAX = 64

/** The messages up to one seq that have a needle in them. */
interface Known {
  readonly seqs: readonly number[]
  readonly through: number
}

/**
 * Where rare needles were found, for the next page and for other filters: a message never changes
 * and never goes, so what was found up to a seq stays true, and only later ones are looked for.
 */
export class Matches {
  readonly #seqsMax: number
  readonly #known = new Map<string, Known>()

  /** Takes the most matches of one needle that are worth the memory. */
  constructor(seqsMax: number) {
    this.#seqsMax = seqsMax
  }

  /** What is known of a folded needle among the messages up to a seq. */
  of(needle: string, through: number): Known {
    const known = this.#known.get(needle)
    if (known === undefined || known.through > through) return { seqs: [], through: 0 }
    this.#known.delete(needle)
    this.#known.set(needle, known)
    return known
  }

  /** Remembers every match of a folded needle up to a seq, unless there are too many. */
  remember(needle: string, seqs: readonly number[], through: number): void {
    this.#known.delete(needle)
    if (seqs.length > this.#seqsMax) return
    this.#known.set(needle, { seqs, through })
    const [oldest] = this.#known.keys()
    if (this.#known.size > NEEDLES_MAX && oldest !== undefined) this.#known.delete(oldest)
  }

  /** The most matches of one needle that are remembered. */
  get seqsMax(): number {
    return this.#seqsMax
  }
}
