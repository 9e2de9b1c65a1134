import { join } from 'node:path'
import { makeChance } from '../chance.ts'
import { SECRET } from '../contestants.ts'
import { type Corpus, writeCorpus, writeRequests } from '../corpus.ts'
import { requireWrk } from '../load.ts'
import { describeMachine } from '../machine.ts'
import { openPatience } from '../patience.ts'
import { publish, runBench, say } from '../publication.ts'
import { median } from '../quantile.ts'
import { machineLines } from '../report.ts'
import { sampleBody } from '../sample.ts'
import { readSettings, type Settings } from '../settings.ts'
import type { Row } from '../table.ts'
import { throughputCount } from '../throughput.ts'
import { type Measured, measure, type Subject } from './subject.ts'

const NAME = 'costs'

const TARGET = { instrumented: 0.95, scrapeMilliseconds: 2 }

/** Refused deliveries of a corpus; the same ones may be sent again and again. */
const REFUSED_COUNT = 20_000

/** Each pair stands side by side in every round, the whole program first in every other one. */
const PAIRS = {
  ingest: [
    { program: 'ours', sends: 'signed' },
    { program: 'unmeasured', sends: 'signed' },
  ],
  flood: [
    { program: 'ours', sends: 'refused' },
    { program: 'forgetful', sends: 'refused' },
  ],
} as const satisfies Record<string, readonly [Subject, Subject]>

/** One round of a pair: the whole program, and the one that lacks something. */
interface Pair {
  readonly whole: Measured
  readonly lacking: Measured
}

type Results = Readonly<Record<keyof typeof PAIRS, Pair[]>>

/** Deliveries of the plain route that nobody signed with our secret. */
function writeRefused(path: string): Promise<Corpus> {
  const chance = makeChance(REFUSED_COUNT)
  const now = Date.now()
  return writeRequests(path, REFUSED_COUNT, () => {
    const body = sampleBody(now, chance)
    return (
      'POST /webhook HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n' +
      `X-Signature: ${'0'.repeat(64)}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
    )
  })
}

async function measureAll({ rounds, seconds, patienceSeconds }: Settings, folder: string) {
  const patience = openPatience(patienceSeconds)
  say(NAME, 'signing')
  const corpora = {
    ingest: await writeCorpus(join(folder, 'signed'), throughputCount(seconds), SECRET),
    flood: await writeRefused(join(folder, 'refused')),
  }
  const results: Results = { ingest: [], flood: [] }
  for (let round = 0; round < rounds; round += 1) {
    for (const name of ['ingest', 'flood'] as const) {
      const options = { folder, corpus: corpora[name], seconds, round, patience }
      const [whole, lacking] = PAIRS[name]
      say(NAME, `round ${round + 1} of ${rounds}: ${name}`)
      const early = round % 2 === 0 ? undefined : await measure(lacking, options)
      const ours = await measure(whole, options)
      results[name].push({ whole: ours, lacking: early ?? (await measure(lacking, options)) })
    }
  }
  return { results, busy: patience.seen() }
}

const whole = (value: number) => Math.round(value).toLocaleString('en-US')

/** The rates of a pair, and the whole program's part of the other's in each round. */
function ratesOf(pairs: readonly Pair[]) {
  const ours = median(pairs.map((pair) => pair.whole.perSecond))
  const others = median(pairs.map((pair) => pair.lacking.perSecond))
  const ratio = median(pairs.map((pair) => pair.whole.perSecond / pair.lacking.perSecond))
  return { value: `${whole(ours)} of ${whole(others)}/s, ${ratio.toFixed(2)}`, ratio }
}

function rowsOf({ ingest, flood }: Results): Row[] {
  const scrapes = ingest.map((pair) => pair.whole.scrapes)
  const p99 = median(scrapes.map((scrape) => scrape.p99))
  const p50 = median(scrapes.map((scrape) => scrape.p50))
  const bytes = median(scrapes.map((scrape) => scrape.bytes))
  const measured = ratesOf(ingest)
  return [
    {
      name: 'Deliveries with metrics, of those without',
      value: measured.value,
      target: `at least ${TARGET.instrumented}`,
      reached: measured.ratio >= TARGET.instrumented,
    },
    { name: 'Refusals with their record, of those without', value: ratesOf(flood).value },
    {
      name: 'GET /metrics after that load',
      value: `p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms, ${whole(bytes)} bytes`,
      target: `p99 under ${TARGET.scrapeMilliseconds} ms`,
      reached: p99 < TARGET.scrapeMilliseconds,
    },
  ]
}

const METHOD = [
  'wrk sends deliveries of the plain route on 64 connections as fast as answers come back:',
  'signed ones, each once, and ones with a wrong signature. The same program is started with',
  'nothing counted or observed, or with no refusal remembered, by an entry point of the bench;',
  'users have no such setting. A pair is measured side by side in each round, as fresh',
  'processes on fresh databases; figures are medians over the rounds, a ratio is taken within',
  'its round. Scrapes come one after another from one client.',
]

await runBench(NAME, async (folder) => {
  requireWrk()
  const settings = readSettings(process.env)
  const machine = await describeMachine(folder)
  const { results, busy } = await measureAll(settings, folder)
  const pairs = Object.values(results).flat()
  const problems = pairs.flatMap((pair) => [...pair.whole.problems, ...pair.lacking.problems])
  const section = {
    name: NAME,
    title: 'What watching costs',
    writtenBy: '`make bench` and `make bench-costs`',
    about: machineLines(machine, busy),
    rows: rowsOf(results),
    problems,
    method: METHOD,
  }
  await publish(section, settings.quick)
})
