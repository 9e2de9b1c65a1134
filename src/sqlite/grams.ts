/** Digits of base 36 that hold any code point: 36^4 is more than 0x10FFFF. */
const CODE_CHARACTERS = 4

/** Code points in a full gram. */
const GRAM_CODE_POINTS = 3

/** A code point as text of a fixed length, so that a gram's beginning is a prefix of its text. */
function codeOf(codePoint: string): string {
  return (codePoint.codePointAt(0) ?? 0).toString(36).padStart(CODE_CHARACTERS, '0')
}

/** The gram that starts at each code point: three of them, or what is left at the end. */
function gramsAt(codes: readonly string[]): string[] {
  return codes.map((code, index) => code + (codes[index + 1] ?? '') + (codes[index + 2] ?? ''))
}

/**
 * The words to index a folded text by: each sequence of three code points in it, and the last two
 * and the last one. Every sequence of one, two or three code points in the text is one of these
 * or the beginning of one.
 */
export function gramsOf(folded: string): string {
  return [...new Set(gramsAt(Array.from(folded, codeOf)))].join(' ')
}

/** Grams of a long needle that are considered for its query. */
const CONSIDERED_MAX = 32

/** Grams that a query asks for: few where the rarest alone leaves few texts, else more. */
const ASKED = { rare: 4, common: 6 }

/**
 * The grams of a needle to ask for: each costs the reading of its list of texts, and some rare
 * ones leave hardly more texts than all of them.
 */
function rarest(grams: readonly string[], occurrences: (gram: string) => number): string[] {
  const counted = grams.map((gram) => ({ gram, count: occurrences(gram) }))
  counted.sort((a, b) => a.count - b.count)
  const [first] = counted
  const asked = first !== undefined && first.count > 1 ? ASKED.common : ASKED.rare
  return counted.slice(0, asked).map(({ gram }) => gram)
}

/**
 * The full-text query (https://sqlite.org/fts5.html, section 3) whose answer holds every text
 * with the folded needle in it. Up to three code points it holds no other text; for longer
 * needles each text is still to be looked at, as the query asks only for the rarest grams, by
 * an estimate of how often a sequence of code points occurs.
 */
export function gramQuery(folded: string, occurrences: (sequence: string) => number): string {
  const points = Array.from(folded)
  const wordOf = (sequence: string) => Array.from(sequence, codeOf).join('')
  if (points.length < GRAM_CODE_POINTS) return `"${wordOf(folded)}" *`
  const count = Math.min(points.length - GRAM_CODE_POINTS + 1, CONSIDERED_MAX)
  const grams = Array.from({ length: count }, (_, at) =>
    points.slice(at, at + GRAM_CODE_POINTS).join(''),
  )
  const asked = grams.length > 1 ? rarest([...new Set(grams)], occurrences) : grams
  return asked.map((gram) => `"${wordOf(gram)}"`).join(' AND ')
}

/** Whether a needle has two code points: its query reads less of the index than there are texts. */
export function isPair(folded: string): boolean {
  return Array.from(folded).length === GRAM_CODE_POINTS - 1
}

/** Whether a needle is shorter than a gram, so that its query asks for all that begin with it. */
export function isPrefix(folded: string): boolean {
  return Array.from(folded).length < GRAM_CODE_POINTS
}

/** Whether a gram query alone says that the needle is in a text. */
export function isExact(folded: string): boolean {
  return Array.from(folded).length <= GRAM_CODE_POINTS
}
