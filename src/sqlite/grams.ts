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

/**
 * The full-text query (https://sqlite.org/fts5.html, section 3) whose answer holds every text
 * with the folded needle in it. Up to three code points it holds no other text; for longer
 * needles each text is still to be looked at, as its grams may be apart.
 */
export function gramQuery(folded: string): string {
  const codes = Array.from(folded, codeOf)
  if (codes.length < GRAM_CODE_POINTS) return `"${codes.join('')}" *`
  const whole = gramsAt(codes).slice(0, 1 - GRAM_CODE_POINTS)
  return [...new Set(whole)].map((gram) => `"${gram}"`).join(' AND ')
}

/** Whether a needle is shorter than a gram, so that its query asks for all that begin with it. */
export function isPrefix(folded: string): boolean {
  return Array.from(folded).length < GRAM_CODE_POINTS
}

/** Whether a gram query alone says that the needle is in a text. */
export function isExact(folded: string): boolean {
  return Array.from(folded).length <= GRAM_CODE_POINTS
}
