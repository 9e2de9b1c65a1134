import { join } from 'node:path'
import { makeChance } from '../chance.ts'
import { SECRET } from '../contestants.ts'
import { type Corpus, writeCorpus, writeRequests } from '../corpus.ts'
import { CONNECTIONS, requireWrk } from '../load.ts'
import { describeMachine } from '../machine.ts'
import { openPatience } from '../patience.ts'
import { publish, runBench, say } from '../publication.ts'
import { median } from '../quantile.ts'
import { machineLines } from '../report.ts'
import { readSettings, type Settings } from '../settings.ts'
import type { Row } from '../table.ts'
import { requestOf } from './notification.ts'
import { type Measured, measure, requestCount, type Subject } from './subject.ts'

const NAME = 'whatsapp'

const TARGET = { p99Milliseconds: 250 }

const whatsapp = { path: '/webhook/whatsapp', connections: CONNECTIONS } as const

const PLAIN: Subject = {
  ...{ name: 'Plain route', path: '/webhook', size: 1, connections: CONNECTIONS },
  perSecondMax: 60_000,
}

/** A thousand on each of 64 connections would be more than the queue takes. */
const BATCHES: readonly Subject[] = [
  { ...whatsapp, name: 'WhatsApp, 1 item each', size: 1, perSecondMax: 50_000 },
  { ...whatsapp, name: 'WhatsApp, 10 items each', size: 10, perSecondMax: 6000 },
  { ...whatsapp, name: 'WhatsApp, 1,000 items each', size: 1000, connections: 4, perSecondMax: 60 },
]

const ALONE: Subject = {
  ...{ ...whatsapp, name: '1,000 items, one after another', size: 1000, connections: 1 },
  perSecondMax: 60,
}

const SUBJECTS = [PLAIN, ...BATCHES, ALONE]

function writeFor(subject: Subject, folder: string, seconds: number): Promise<Corpus> {
  const count = requestCount(subject, seconds)
  const path = join(folder, `corpus-${subject.size}-${subject.path.length}`)
  if (subject === PLAIN) return writeCorpus(path, count, SECRET)
  const chance = makeChance(subject.size)
  const now = Date.now()
  return writeRequests(path, count, () => requestOf(subject.size, now, chance, SECRET))
}

type Results = ReadonlyMap<Subject, Measured[]>

async function measureAll({ rounds, seconds, patienceSeconds }: Settings, folder: string) {
  const patience = openPatience(patienceSeconds)
  const corpora = new Map<number, Corpus>()
  const results = new Map<Subject, Measured[]>(SUBJECTS.map((subject) => [subject, []]))
  for (const subject of SUBJECTS) {
    if (corpora.has(subject.size * subject.path.length)) continue
    say(NAME, `signing for ${subject.name}`)
    corpora.set(subject.size * subject.path.length, await writeFor(subject, folder, seconds))
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const subject of SUBJECTS) {
      const corpus = corpora.get(subject.size * subject.path.length)
      if (corpus === undefined) throw new Error('a corpus is missing')
      say(NAME, `round ${round + 1} of ${rounds}: ${subject.name}`)
      results
        .get(subject)
        ?.push(await measure(subject, { folder, corpus, seconds, round, patience }))
    }
  }
  return { results, busy: patience.seen() }
}

const over = (results: Results, subject: Subject, figure: (one: Measured) => number) =>
  median((results.get(subject) ?? []).map(figure))

const whole = (value: number) => Math.round(value).toLocaleString('en-US')

function rowsOf(results: Results): Row[] {
  const rate = (subject: Subject) => over(results, subject, (one) => one.messagesPerSecond)
  const latency = (subject: Subject) => {
    const [p50, p99] = (['p50', 'p99'] as const).map((key) =>
      over(results, subject, ({ load }) => load[key]),
    )
    return `p50 ${p50?.toFixed(1)} ms, p99 ${p99?.toFixed(1)} ms`
  }
  const row = (subject: Subject) => ({
    name: subject.name,
    value: `${whole(rate(subject))} messages/s, ${latency(subject)}`,
  })
  const p99 = over(results, ALONE, ({ load }) => load.p99)
  return [
    row(PLAIN),
    ...BATCHES.map((subject) => ({
      ...row(subject),
      target: 'as many as the plain route',
      reached: rate(subject) >= rate(PLAIN),
    })),
    {
      ...row(ALONE),
      target: `p99 under ${TARGET.p99Milliseconds} ms`,
      reached: p99 < TARGET.p99Milliseconds,
    },
  ]
}

const METHOD = [
  'wrk sends signed notifications of text messages with random ids and 20,000 senders as fast',
  'as answers come back, on 64 connections, a thousand items on 4; latencies are those of whole',
  'requests at saturation. Each subject is a fresh process on a fresh database; figures are',
  'medians over the rounds. After each, the rows stored must be those of whole notifications,',
  'and no answer too few.',
]

await runBench(NAME, async (folder) => {
  requireWrk()
  const settings = readSettings(process.env)
  const machine = await describeMachine(folder)
  const { results, busy } = await measureAll(settings, folder)
  const problems = [...results.values()].flat().flatMap((one) => one.problems)
  const section = {
    name: NAME,
    title: 'Notifications of WhatsApp',
    writtenBy: '`make bench` and `make bench-whatsapp`',
    about: machineLines(machine, busy),
    rows: rowsOf(results),
    problems,
    method: METHOD,
  }
  await publish(section, settings.quick)
})
