/** Cased code points outside ASCII: the only ones whose folding is not plain lower-casing. */
const CASED = /(?![\0-\x7f])\p{Changes_When_Casemapped}/gu

/**
 * Folds one code point: lower, upper, lower again. For every code point but one this gives the
 * classes of Unicode's full case folding (CaseFolding.txt, statuses C and F): sharp s equals ss,
 * the two sigmas are one. The exception is U+0131, dotless i, which folds to itself.
 */
function foldCodePoint(codePoint: string): string {
  if (codePoint === '\u0131') return codePoint
  return codePoint.toLowerCase().toUpperCase().toLowerCase()
}

const ASCII_CAPITALS = /[A-Z]+/g

/**
 * Text with all case differences removed, in every script. Two texts match when ignoring case
 * if and only if their folded forms are equal. Accents are kept: only case is folded, and
 * composed and decomposed letters stay different.
 */
export function fold(text: string): string {
  return text
    .replace(CASED, foldCodePoint)
    .replace(ASCII_CAPITALS, (capitals) => capitals.toLowerCase())
}
