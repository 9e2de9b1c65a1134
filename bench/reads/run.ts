import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { makeChance } from '../chance.ts'
import { requireWrk } from '../load.ts'
import { describeMachine } from '../machine.ts'
import { memoryOf } from '../proc.ts'
import { misses, renderTable } from '../table.ts'
import { type Built, buildStore } from './build.ts'
import { writeDeliveries } from './deliveries.ts'
import { renderFindings } from './document.ts'
import { renderGrid } from './grid.ts'
import { type Ingest, ingestCount, measureIngest } from './ingest.ts'
import { type Line, measureReads } from './measure.ts'
import { chooseNeedles, type Needles } from './needles.ts'
import { replaceSection } from './section.ts'
import { ROOT, readSettings, type Settings } from './settings.ts'
import { openSubject, type Subject } from './subject.ts'
import { ingestRows, quarterRow, readRows, sizeRows } from './targets.ts'
import { loadTexts } from './texts.ts'

const DOCUMENT = join(ROOT, 'docs', 'benchmarks.md')

/** Progress goes to stderr: stdout is the tables. */
function say(what: string): void {
  console.error(`bench-reads: ${new Date().toISOString().slice(11, 19)} ${what}`)
}

async function needlesFor(texts: readonly string[], folder: string): Promise<Needles> {
  const kept = join(folder, 'needles.json')
  if (existsSync(kept)) return (await Bun.file(kept).json()) as Needles
  say('choosing needles')
  const needles = chooseNeedles(texts, makeChance(texts.length))
  await Bun.write(kept, JSON.stringify(needles))
  return needles
}

interface Subjects {
  readonly ours: Subject[]
  readonly plain: Subject[]
}

/** Adds to the subjects as they start, so that none is left behind when one cannot. */
async function openSubjects(
  { requests, warmup, plainMax }: Settings,
  built: readonly Built[],
  needles: Needles,
  { ours, plain }: Subjects,
): Promise<void> {
  const ask = { needles, requests, warmup }
  for (const { size, path } of built) {
    // A copy is made of a store that no server has open.
    if (size > plainMax) continue
    say(`the plain design with ${size} messages`)
    plain.push(await openSubject({ size, path, plain: true, chance: makeChance(size), ...ask }))
  }
  for (const { size, path } of built) {
    ours.push(await openSubject({ size, path, plain: false, chance: makeChance(size), ...ask }))
  }
}

interface IngestContext {
  readonly settings: Settings
  readonly texts: readonly string[]
  readonly needles: Needles
  readonly built: readonly Built[]
  readonly subject: Subject
}

async function runIngest(context: IngestContext): Promise<Ingest | undefined> {
  const { settings, texts, needles, subject } = context
  const { folder, ingestSeconds: seconds, rounds } = settings
  const needle = needles.quarter[0]
  if (rounds === 0 || needle === undefined) return undefined
  const scratch = mkdtempSync(join(folder, 'ingest-'))
  try {
    say('signing deliveries')
    const count = ingestCount(seconds, rounds)
    const corpus = await writeDeliveries(join(scratch, 'deliveries'), count, texts)
    say('ingest')
    const load = { corpus, folder: scratch, subject, seconds, rounds, needle }
    return await measureIngest(load)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

async function buildAll({ sizes, folder, bulkFrom }: Settings, texts: readonly string[]) {
  const built: Built[] = []
  for (const size of sizes) {
    built.push(await buildStore({ folder, size, texts, bulk: size >= bulkFrom, say }))
  }
  return built
}

function rowsOf(lines: readonly Line[], ingest: Ingest | undefined, large: number) {
  const quarter = lines.at(-1)
  return [
    ...readRows(lines, 0, large),
    ...(quarter === undefined ? [] : [quarterRow(quarter, large)]),
    ...(ingest === undefined ? [] : ingestRows(ingest)),
  ]
}

/** Times everything on servers that are all started, and prints it. */
async function measureSubjects(context: Omit<IngestContext, 'subject'>, subjects: Subjects) {
  const { needles, built } = context
  const { ours, plain } = subjects
  const subject = ours.at(-1)
  if (subject === undefined) throw new Error('there is no store to measure')
  const lines = await measureReads([...ours, ...plain], needles, say)
  const grid = renderGrid(lines, [...ours, ...plain])
  console.log(grid)
  const ingest = await runIngest({ ...context, subject })
  const memories = ours.map(({ server }) => memoryOf(server().pid))
  const rows = [...rowsOf(lines, ingest, ours.length - 1), ...sizeRows(built, memories)]
  console.log(`\n${renderTable(rows)}`)
  for (const miss of misses(rows)) console.log(`NOT REACHED  ${miss}`)
  for (const { server } of [...ours, ...plain]) await server().stop()
  return { grid, rows }
}

/** Returns the section of the document. */
async function measure(settings: Settings): Promise<string> {
  const { all: texts, real } = await loadTexts()
  const needles = await needlesFor(texts, settings.folder)
  const built = await buildAll(settings, texts)
  const subjects: Subjects = { ours: [], plain: [] }
  try {
    await openSubjects(settings, built, needles, subjects)
    const found = await measureSubjects({ settings, texts, needles, built }, subjects)
    return renderFindings({
      machine: await describeMachine(settings.folder),
      requests: settings.requests,
      warmup: settings.warmup,
      built,
      real,
      ...found,
    })
  } finally {
    for (const { server } of [...subjects.ours, ...subjects.plain]) server()[Symbol.dispose]()
  }
}

async function main(): Promise<void> {
  requireWrk()
  const settings = readSettings(process.env)
  if (settings.clean) rmSync(settings.folder, { recursive: true, force: true })
  mkdirSync(settings.folder, { recursive: true })
  const section = await measure(settings)
  if (!settings.publish) return say('docs/benchmarks.md is left as it was')
  const document = existsSync(DOCUMENT) ? await Bun.file(DOCUMENT).text() : '# Benchmarks'
  await Bun.write(DOCUMENT, replaceSection(document, 'reads', section))
  say('written to docs/benchmarks.md')
}

try {
  await main()
} catch (error) {
  console.error(`bench-reads: ${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
}
