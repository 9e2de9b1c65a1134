import { fold } from '../../src/fold.ts'
import { type Chance, pick } from '../chance.ts'

/** Needles to search for, by how many of the texts hold them and how long they are. */
export interface Needles {
  /** Four or more characters, in one to three of the texts. */
  readonly rareWords: readonly string[]
  /** Two letters or digits of ASCII; the rarest that there are. */
  readonly rareAscii: readonly string[]
  /** Two Han characters, in one to three of the texts. */
  readonly rareHan: readonly string[]
  /** One character, in one to three of the texts. */
  readonly rareCharacters: readonly string[]
  /** In about one of a thousand texts: too rare to meet soon, too many to fetch each. */
  readonly middling: readonly string[]
  /** In one of twenty to one of eight texts. */
  readonly common: readonly string[]
  /** In about a quarter of the texts: of two, of three and of more characters. */
  readonly quarter: readonly string[]
  /** In none of the texts. */
  readonly missing: readonly string[]
}

/** Needles of each sort; the requests of one measurement draw from them. */
const NEEDLES_MAX = 200

/** Needles of one sort that each cost a count of a great part of all rows. */
const COMMON_MAX = 6

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'

type Counts = ReadonlyMap<string, number>

/** In how many texts each sequence of so many code points is. */
function countGrams(texts: readonly string[], length: number): Counts {
  const counts = new Map<string, number>()
  for (const text of texts) {
    const points = Array.from(text)
    const grams = new Set<string>()
    for (let at = 0; at + length <= points.length; at += 1) {
      grams.add(points.slice(at, at + length).join(''))
    }
    for (const gram of grams) counts.set(gram, (counts.get(gram) ?? 0) + 1)
  }
  return counts
}

/** Those within bounds, the rarest first, as many as are needed; all are plain in a URL's sense. */
function between(counts: Counts, min: number, max: number, form: RegExp): string[] {
  return [...counts]
    .filter(([gram, count]) => count >= min && count <= max && form.test(gram))
    .toSorted(([, a], [, b]) => a - b)
    .slice(0, NEEDLES_MAX)
    .map(([gram]) => gram)
}

/** Words of which hardly any other text holds a copy, not even inside another word. */
function rareWords(texts: readonly string[], chance: Chance): string[] {
  const found = new Set<string>()
  for (let tries = 0; tries < NEEDLES_MAX * 20 && found.size < NEEDLES_MAX / 4; tries += 1) {
    const [word] =
      pick(texts, chance)
        .match(/[a-z0-9]{4,12}/g)
        ?.toSorted(longest) ?? []
    if (word === undefined) continue
    if (texts.filter((text) => text.includes(word)).length <= 3) found.add(word)
  }
  return [...found]
}

const longest = (a: string, b: string) => b.length - a.length

/** Of needles that are spread evenly over a list, a few. */
function some(needles: readonly string[], count: number): string[] {
  const step = Math.max(1, Math.floor(needles.length / count))
  return needles.filter((_, index) => index % step === 0).slice(0, count)
}

/** Longer needles that are about as common, by what follows a common beginning. */
function longer(texts: readonly string[], from: number, to: number): string[] {
  return between(countGrams(texts, 4), from, to, /\S/)
}

function missing(texts: readonly string[], chance: Chance): string[] {
  const words = Array.from({ length: COMMON_MAX * 4 }, () =>
    Array.from({ length: 6 }, () => pick([...LETTERS], chance)).join(''),
  )
  return words.filter((word) => !texts.some((text) => text.includes(word)))
}

/** Chooses needles by counting in the texts that the stores are filled with. */
export function chooseNeedles(all: readonly string[], chance: Chance): Needles {
  const texts = all.map(fold)
  const part = (share: number) => Math.round(texts.length * share)
  const ones = countGrams(texts, 1)
  const twos = countGrams(texts, 2)
  const threes = countGrams(texts, 3)
  const quarter = [twos, threes].flatMap((counts) =>
    some(between(counts, part(0.2), part(0.32), /^[^\s]+$/), 2),
  )
  return {
    rareWords: rareWords(texts, chance),
    rareAscii: between(twos, 1, part(0.0005), /^[a-z0-9]{2}$/),
    rareHan: between(twos, 1, 3, /^\p{Script=Han}{2}$/u),
    rareCharacters: between(ones, 1, 3, /^[^\s\p{Cc}\p{Cs}]$/u),
    middling: between(threes, part(0.0009), part(0.0012), /^[a-z]{3}$/),
    common: some(between(threes, part(0.05), part(0.125), /^[a-z]{3}$/), COMMON_MAX),
    quarter: [...quarter, ...some(longer(texts, part(0.12), part(0.35)), 2)],
    missing: missing(texts, chance),
  }
}
