import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Chance, makeChance } from '../chance.ts'
import { sampleBody } from '../sample.ts'
import { ROOT } from './settings.ts'

/** Real messages in many languages, where they are at hand: gzipped JSON lines with a `text`. */
const CORPUS = join(ROOT, '..', 'shared', 'data', 'sms-corpus.ndjson.gz')

/** Texts that are made up where there are no real ones. */
const GENERATED = 50_000

/** The first and the last but some of the Han characters (Unicode block U+4E00). */
const HAN = { first: 0x4e00, count: 20_000 }

/** Texts to draw from, and whether people wrote them. */
export interface Texts {
  readonly all: readonly string[]
  readonly real: boolean
}

/** A made-up text with a word that hardly any other has, so that there is something rare. */
function generate(chance: Chance): string {
  const { text } = JSON.parse(sampleBody(0, chance)) as { text: string | null }
  const word = chance(36 ** 6).toString(36)
  const han = Array.from({ length: 4 }, () => String.fromCodePoint(HAN.first + chance(HAN.count)))
  return [text ?? '', word, chance(4) === 0 ? han.join('') : ''].join(' ').trim()
}

async function readTexts(path: string): Promise<string[]> {
  const bytes = Bun.gunzipSync(await Bun.file(path).bytes())
  return new TextDecoder()
    .decode(bytes)
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { text: string }).text)
}

/** Reads the real texts where they are at hand, and makes some up otherwise. */
export async function loadTexts(): Promise<Texts> {
  if (existsSync(CORPUS)) return { all: await readTexts(CORPUS), real: true }
  const chance = makeChance(GENERATED)
  return { all: Array.from({ length: GENERATED }, () => generate(chance)), real: false }
}
