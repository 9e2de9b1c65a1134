import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The folder of the whole project. */
export const ROOT = join(import.meta.dir, '../..')

/** A Markdown file of the project. */
export interface Document {
  /** From the project's folder, `docs/api.md` say. */
  readonly path: string
  readonly text: string
}

/** Reads one document by its path from the project's folder. */
export function readDocument(path: string): Document {
  return { path, text: readFileSync(join(ROOT, path), 'utf8') }
}

/** Every document of the project: those beside the README and all under docs/. */
export function readDocuments(): Document[] {
  const inDocs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
  return [...readdirSync(ROOT), ...inDocs.map((name) => join('docs', name))]
    .filter((path) => path.endsWith('.md'))
    .map(readDocument)
}

const cellsOf = (line: string) =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())

/** The rows of the one table with this header, cell by cell; throws where there is none. */
export function tableRows({ path, text }: Document, header: readonly string[]): string[][] {
  const lines = text.split('\n')
  const start = lines.indexOf(`| ${header.join(' | ')} |`)
  if (start === -1) throw new Error(`${path} has no table with the header ${header.join(' | ')}`)
  const rows = lines.slice(start + 2)
  const end = rows.findIndex((line) => !line.startsWith('|'))
  return rows.slice(0, end === -1 ? rows.length : end).map(cellsOf)
}

/** A fenced block, with the word behind its fence. */
interface Block {
  readonly language: string
  readonly text: string
}

/** The fenced blocks in their order, each without its fences and its last newline. */
export function blocks({ text }: Document): Block[] {
  const found = text.matchAll(/^```(\S*)\n(.*?)\n```$/gms)
  return [...found].map(([, language = '', inside = '']) => ({ language, text: inside }))
}

const prose = ({ text }: Document) => text.replaceAll(/^```.*?^```$/gms, '')

/** What stands between backticks outside of the fenced blocks. */
export function codeSpans(document: Document): string[] {
  return [...prose(document).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code)
}

/** Where the links outside of the fenced blocks lead, as they are written. */
export function linkTargets(document: Document): string[] {
  return [...prose(document).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)
}

/** The anchors that the headings make, as GitHub makes them of plain words. */
export function anchors(document: Document): string[] {
  return [...prose(document).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^a-z0-9 _-]/g, '')
      .replaceAll(' ', '-'),
  )
}
