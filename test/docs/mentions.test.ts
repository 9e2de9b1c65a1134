import { describe, expect, test } from 'bun:test'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { COMMANDS } from '../../src/cli/commands.ts'
import { SERVICE_METRICS } from '../../src/metrics/service.ts'
import { RESULTS } from '../../src/outcome.ts'
import {
  anchors,
  blocks,
  codeSpans,
  type Document,
  linkTargets,
  ROOT,
  readDocument,
  readDocuments,
  tableRows,
} from './document.ts'
import { makeTargets } from './makefile.ts'

/** An image that is looked at in passing is loaded in passing. */
const IMAGE_BYTES_MAX = 120_000

const README = readDocument('README.md')
const ARCHITECTURE = readDocument('docs/architecture.md')
const OPERATIONS = readDocument('docs/operations.md')
const DOCUMENTS = readDocuments()

const readText = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const sources = [...new Bun.Glob('src/**/*.ts').scanSync(ROOT)]
const sourceText = sources.map(readText).join('\n')

/** All that stands as code in a document: between backticks, and in blocks line by line. */
const codeOf = (document: Document) => [
  ...codeSpans(document),
  ...blocks(document).flatMap(({ text }) => text.split('\n')),
]

/** What the pattern's first group finds in the code of any document, each once. */
function mentioned(pattern: RegExp): string[] {
  const found = DOCUMENTS.flatMap(codeOf).flatMap((code) => [...code.matchAll(pattern)])
  return [...new Set(found.map(([, name = '']) => name))].sort()
}

/** Whether a link leads somewhere: a file that is there, a folder with something in it. */
function resolves(document: Document, target: string): boolean {
  if (/^https?:/.test(target)) return true
  const [file = '', anchor] = target.split('#')
  const path = file === '' ? document.path : join(dirname(document.path), file)
  if (!existsSync(join(ROOT, path))) return false
  if (file.endsWith('/')) return readdirSync(join(ROOT, path)).length > 0
  return anchor === undefined || anchors(readDocument(path)).includes(anchor)
}

describe.each(DOCUMENTS)('$path', (document) => {
  test('has no link that leads nowhere', () => {
    const targets = linkTargets(document)
    expect(targets.filter((target) => !resolves(document, target))).toEqual([])
  })
})

test('every image of the documents is shown by one of them, and small', () => {
  const shown = DOCUMENTS.flatMap((document) =>
    linkTargets(document).map((target) => join(dirname(document.path), target)),
  )
  const images = [...new Bun.Glob('docs/images/*').scanSync(ROOT)].sort()
  expect(images.length).toBeGreaterThan(0)
  expect(images.filter((path) => !shown.includes(path))).toEqual([])
  expect(images.filter((path) => statSync(join(ROOT, path)).size > IMAGE_BYTES_MAX)).toEqual([])
})

test('the README has at most 200 lines', () => {
  expect(README.text.split('\n').length - 1).toBeLessThanOrEqual(200)
})

describe('docs/architecture.md', () => {
  const homes = ['', 'src/']

  test('names no file and no folder of the project that is not there', () => {
    const paths = codeOf(ARCHITECTURE)
      .flatMap((code) => [...code.matchAll(/[\w*./-]+(?:\.(?:ts|sql)\b|\/(?=$|\s))/g)])
      .map(([path]) => path)
    expect(paths.length).toBeGreaterThan(20)
    const isThere = (path: string) =>
      path.includes('*')
        ? [...new Bun.Glob(path).scanSync(ROOT)].length > 0
        : homes.some((home) => existsSync(join(ROOT, home, path)))
    expect([...new Set(paths)].filter((path) => !isThere(path))).toEqual([])
  })

  test('puts each stage of a delivery into the file that has its function', () => {
    const stages = blocks(ARCHITECTURE).flatMap(({ text }) => [
      ...text.matchAll(/^ +(\S+\.ts) +(\w+)\(/gm),
    ])
    expect(stages.length).toBeGreaterThan(5)
    const lost = stages.filter(
      ([, file, name]) => !new RegExp(`\\b${name}(<\\w+>)?\\(`).test(readText(`src/${file}`)),
    )
    expect(lost.map(([line]) => line)).toEqual([])
  })

  test('has a row for each folder of the source', () => {
    const rows = tableRows(ARCHITECTURE, ['folder', 'what it deals with', 'may import'])
    const described = rows.flatMap(([cell = '']) => cell.split(', '))
    const folders = new Set(sources.map((path) => dirname(path)).filter((path) => path !== 'src'))
    // A folder inside of a folder belongs to it.
    const tops = new Set([...folders].map((path) => path.split('/').slice(0, 2).join('/')))
    expect([...tops].filter((path) => !described.includes(`\`${path}/\``))).toEqual([])
  })
})

describe('the documents', () => {
  test('name no setting or constant that the source does not have', () => {
    const names = mentioned(/\b([A-Z]+(?:_[A-Z]+)+)\b/g)
    // NAME_FILE stands for any; the source puts it together from a secret's name. Those of the
    // allocator are not ours.
    const known = (name: string) =>
      /^(NAME_FILE$|MIMALLOC_)/.test(name) ||
      new RegExp(`\\b${name.replace(/_FILE$/, '')}\\b`).test(sourceText)
    expect(names).toContain('WEBHOOK_SECRET_FILE')
    expect(names.filter((name) => !known(name))).toEqual([])
  })

  test('name no metric that is not exposed', () => {
    const metrics = Object.values(SERVICE_METRICS).map(({ name }): string => name)
    const form = /^((?:http_requests?|webhook|request_latency|ackbox|process)_[a-z_]+)\b/g
    const names = mentioned(form)
    expect(names).toEqual(expect.arrayContaining(metrics))
    expect(names.filter((name) => !metrics.includes(name))).toEqual([])
  })

  test('name no result that a delivery cannot have', () => {
    const names = mentioned(/result="(\w+)"/g)
    expect(names).toContain('queue_full')
    expect(names.filter((name) => !RESULTS.some((result) => result === name))).toEqual([])
  })

  // Not each target need be in a document: `make` alone lists all of them, and make.test.ts
  // holds it to that.
  test('name no make target that is not there', () => {
    const names = mentioned(/\bmake ([a-z-]+)/g)
    expect(names).toContain('run')
    expect(names.filter((name) => !makeTargets().includes(name))).toEqual([])
  })
})

describe('the commands', () => {
  const names = COMMANDS.map(({ name }) => name)

  test.each(names)('%s is named in the README or on the operations page', (name) => {
    const call = new RegExp(`(ackbox|main\\.ts) ${name}\\b`)
    const code = [README, OPERATIONS].flatMap(codeOf)
    expect(code.filter((text) => call.test(text))).not.toEqual([])
  })

  test('that the documents name are there', () => {
    const called = mentioned(
      /^(?:[A-Z_]+=\S+ )*(?:\S*ackbox|npx bun src\/main\.ts) ([a-z][a-z-]*)\b/g,
    )
    expect(called).toContain('serve')
    expect(called.filter((name) => !names.includes(name))).toEqual([])
  })

  test.each(COMMANDS)('$name has the options that the documents name', ({ name, options }) => {
    const call = new RegExp(`^(.* )?${name}(?= --)`)
    const known = [...options.map((row) => row.name), 'help']
    const given = DOCUMENTS.flatMap(codeOf)
      .filter((code) => call.test(code))
      .flatMap((code) => [...code.matchAll(/ --([a-z-]+)/g)].map(([, option = '']) => option))
    expect(given.filter((option) => !known.includes(option))).toEqual([])
  })
})
