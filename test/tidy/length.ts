import type { Node } from 'typescript/unstable/ast'
import { SyntaxKind } from 'typescript/unstable/ast'
import { inside, nodesOf, type Problem, problemAt, type Rule, type Source } from './source.ts'

const FILE_LINES_MAX = 300
const FUNCTION_LINES_MAX = 50
const COLUMNS_MAX = 100
const FILE_LINES_MEDIAN = { min: 40, max: 110 }
const FUNCTION_LINES_MEDIAN_MAX = 11
/** A median of fewer files says nothing. */
const FILES_FOR_A_MEDIAN = 10

const NAMED = new Set([
  SyntaxKind.FunctionDeclaration,
  SyntaxKind.MethodDeclaration,
  SyntaxKind.Constructor,
  SyntaxKind.GetAccessor,
  SyntaxKind.SetAccessor,
])
const UNNAMED = new Set([SyntaxKind.FunctionExpression, SyntaxKind.ArrowFunction])

function countLines(text: string): number {
  return text.replace(/\n$/, '').split('\n').length
}

function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

/** A callback of `describe` is a chapter of a file, not a function anybody reads at once. */
function isChapter(node: Node): boolean {
  return node.parent.kind === SyntaxKind.CallExpression && /^describe\b/.test(node.parent.getText())
}

function functionsOf(source: Source, kinds: (node: Node) => boolean): Node[] {
  return [...nodesOf(source)].filter((node) => kinds(node) && !isChapter(node))
}

/** For the median: an inline callback of one line would hide how long the real ones are. */
function isNamed(node: Node): boolean {
  const bound = node.parent?.kind === SyntaxKind.VariableDeclaration
  return NAMED.has(node.kind) || (UNNAMED.has(node.kind) && bound)
}

/** The medians of src, in lines: of its TypeScript files, and of its functions with a name. */
export function medians(sources: Source[]): { files: number; file: number; function: number } {
  const code = sources.filter((source) => inside(source, 'src') && source.root !== undefined)
  const functions = code.flatMap((source) =>
    functionsOf(source, isNamed).map((node) => countLines(node.getText(source.root))),
  )
  const lines = code.map(({ text }) => countLines(text))
  return { files: code.length, file: median(lines), function: median(functions) }
}

function findLongFiles(sources: Source[]): Problem[] {
  return sources
    .filter((source) => inside(source, 'src', 'test', 'bench', 'prove'))
    .filter(({ text }) => countLines(text) > FILE_LINES_MAX)
    .map((source) => problemAt(source, undefined, `has ${countLines(source.text)} lines`))
}

function findLongFunctions(sources: Source[]): Problem[] {
  const everyOne = (node: Node) => NAMED.has(node.kind) || UNNAMED.has(node.kind)
  return sources.flatMap((source) =>
    functionsOf(source, everyOne)
      .map((node) => ({ node, lines: countLines(node.getText(source.root)) }))
      .filter(({ lines }) => lines > FUNCTION_LINES_MAX)
      .map(({ node, lines }) => problemAt(source, node, `a function has ${lines} lines`)),
  )
}

function findWideLines(sources: Source[]): Problem[] {
  return sources
    .filter((source) => inside(source, 'src', 'test', 'bench', 'prove'))
    .flatMap(({ path, text }) =>
      text
        .split('\n')
        .map((line, n) => ({ path, line: n + 1, columns: [...line].length }))
        .filter(({ columns }) => columns > COLUMNS_MAX)
        .map(({ columns, ...at }) => ({ ...at, message: `has ${columns} columns` })),
    )
}

function findOddMedians(sources: Source[]): Problem[] {
  const measured = medians(sources)
  if (measured.files < FILES_FOR_A_MEDIAN) return []
  const { min, max } = FILE_LINES_MEDIAN
  const problems: Problem[] = []
  const report = (message: string) => problems.push({ path: 'src', line: 1, message })
  if (measured.file < min || measured.file > max)
    report(`the median file has ${measured.file} lines, not ${min} to ${max}`)
  if (measured.function > FUNCTION_LINES_MEDIAN_MAX)
    report(`the median function has ${measured.function} lines`)
  return problems
}

const lines = (count: number) => 'f()\n'.repeat(count)
const body = (count: number) => `{\n${lines(count)}}`
const files = (text: string) =>
  Object.fromEntries(Array.from({ length: FILES_FOR_A_MEDIAN }, (_, n) => [`src/a${n}.ts`, text]))

/** Sizes: how long a file and a function may be, how wide a line, and where the medians lie. */
export const LENGTH_RULES: Rule[] = [
  {
    name: `no file is over ${FILE_LINES_MAX} lines`,
    problems: findLongFiles,
    bad: [{ 'src/a.ts': lines(301) }, { 'test/a.test.ts': lines(301) }],
    good: [{ 'src/a.ts': lines(300), 'docs/a.html': lines(301) }],
  },
  {
    name: `no function is over ${FUNCTION_LINES_MAX} lines`,
    problems: findLongFunctions,
    bad: [
      { 'src/a.ts': `function a() ${body(49)}` },
      { 'src/a.ts': `const a = () => ${body(49)}` },
      { 'src/a.ts': `class A { b() ${body(49)} }` },
    ],
    good: [
      { 'src/a.ts': `function a() ${body(48)}` },
      { 'test/a.test.ts': `describe('a', () => ${body(60)})` },
    ],
  },
  {
    name: `no line is over ${COLUMNS_MAX} columns`,
    problems: findWideLines,
    bad: [{ 'bench/a.ts': `//${'x'.repeat(99)}` }, { 'src/a.sql': `--${'x'.repeat(99)}` }],
    good: [{ 'src/a.ts': `//${'x'.repeat(98)}`, 'docs/a.css': 'x'.repeat(101) }],
  },
  {
    name: 'the median file has 40 to 110 lines and the median function under 12',
    problems: findOddMedians,
    bad: [
      files(lines(39)),
      files(lines(111)),
      files(`function a() ${body(10)}\nconst b = c(() => 1)\n${lines(50)}`),
    ],
    good: [files(`function a() ${body(9)}\n${lines(50)}`), { 'src/a.ts': lines(1) }],
  },
]
