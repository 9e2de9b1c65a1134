import { Indexer } from '../../src/sqlite/indexer.ts'
import { openRebuilder, REBUILDING } from '../../src/sqlite/rebuild.ts'
import { openIndexing } from '../../src/sqlite/search_file.ts'
import { CHECKS, openVerifier } from '../../src/sqlite/verify.ts'
import { arrival } from '../support/messages.ts'
import { openEngine } from './engine.ts'

/** More senders than /stats shows, some of them tied. */
const SENDERS = 13

const START = Date.UTC(1969, 11, 30)

const STEP_MILLISECONDS = 17 * 60_000

const TEXTS = ['Hello', '\u00c9cole', '\u041f\u0420\u0418\u0412\u0415\u0422', '\u4f60\u597d', null]

/** So many arrivals over days around 1970, in several scripts, some of them without a text. */
export function various(count: number) {
  return Array.from({ length: count }, (_, n) => {
    const text = TEXTS[n % TEXTS.length] ?? null
    return arrival({
      message_id: `m${n + 1}`,
      from: `+${n % SENDERS}`,
      to: `+9${n % 3}`,
      ts: new Date(START + n * STEP_MILLISECONDS).toISOString(),
      text: text === null ? null : `${text} ${n}`,
    })
  })
}

/** Makes a database of so many messages, with its search index, and closes it. */
export function makeStore(path: string, count: number): void {
  const engine = openEngine(path)
  engine.append(various(count))
  engine.settle()
  const indexer = new Indexer(openIndexing(path))
  while (indexer.advance());
  indexer.close()
  engine.close()
}

/** Each check that is not well, with its words. */
export function verify(path: string): Record<string, string> {
  const steps = openVerifier(path, () => {})
  try {
    const findings = Object.keys(CHECKS).map((name) => [name, steps.run(name)] as const)
    const failed = findings.filter(([, { ok }]) => !ok)
    return Object.fromEntries(failed.map(([name, { text }]) => [name, text]))
  } finally {
    steps.close()
  }
}

/** Rebuilds to the end; returns each step with its words. */
export function rebuild(path: string): Record<string, string> {
  const steps = openRebuilder(path, () => {})
  try {
    const names = Object.keys(REBUILDING)
    return Object.fromEntries(names.map((name) => [name, steps.run(name).text]))
  } finally {
    steps.close()
  }
}
