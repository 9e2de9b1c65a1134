import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { replaceSection } from './reads/section.ts'
import { misses, type Row, renderTable } from './table.ts'

const ROOT = join(import.meta.dir, '..')
const DOCUMENT = join(ROOT, 'docs', 'benchmarks.md')

/** What a bench has found, as docs/benchmarks.md shows it. */
interface Section {
  /** The name of the section's marks; with `bench-` before it, that of its make target. */
  readonly name: string
  readonly title: string
  /** The make targets that write it, in words. */
  readonly writtenBy: string
  /** The machine and what else it did. */
  readonly about: readonly string[]
  readonly rows: readonly Row[]
  /** What was not as it must be; the run then fails. */
  readonly problems: readonly string[]
  /** How it was measured. */
  readonly method: readonly string[]
}

/** Progress goes to stderr: stdout is the table. */
export function say(name: string, what: string): void {
  console.error(`bench-${name}: ${what}`)
}

function render({ title, writtenBy, about, rows, problems, method }: Section): string {
  const lines = [...problems, ...misses(rows)].map((line) => `- ${line}`)
  return [
    `## ${title}`,
    '',
    `Written by ${writtenBy}; do not edit.`,
    '',
    ...about,
    '',
    renderTable(rows),
    '',
    ...(lines.length === 0 ? ['Every target was reached in this run.'] : lines),
    '',
    ...method,
  ].join('\n')
}

/** Prints a section and, unless it was a quick look, writes it into docs/benchmarks.md. */
export async function publish(section: Section, isQuick: boolean): Promise<void> {
  const { name, problems } = section
  const text = render(section)
  console.log(text)
  if (problems.length > 0) process.exitCode = 1
  if (isQuick) return say(name, 'a quick look: docs/benchmarks.md is left as it was')
  await Bun.write(DOCUMENT, replaceSection(await Bun.file(DOCUMENT).text(), name, text))
  say(name, 'written to docs/benchmarks.md')
}

/** Runs a bench in a folder of its own, which is gone afterwards; an error is one line. */
export async function runBench(name: string, bench: (folder: string) => Promise<void>) {
  try {
    mkdirSync(join(ROOT, 'dist'), { recursive: true })
    const folder = mkdtempSync(join(ROOT, 'dist', `bench-${name}-`))
    await bench(folder).finally(() => rmSync(folder, { recursive: true, force: true }))
  } catch (error) {
    say(name, error instanceof Error ? error.message : String(error))
    process.exitCode = 1
  }
}
