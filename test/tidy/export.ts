import {
  isExportAssignment,
  isExportDeclaration,
  isIdentifier,
  isNamedExports,
  isVariableStatement,
  type Node,
  SyntaxKind,
} from 'typescript/unstable/ast'
import { importsOf } from './import.ts'
import { inside, type Problem, problemAt, type Rule, type Source } from './source.ts'

interface Export {
  node: Node
  name: string
}

function hasModifier(node: Node, kind: SyntaxKind): boolean {
  const { modifiers } = node as Node & { modifiers?: readonly Node[] }
  return modifiers?.some((each) => each.kind === kind) ?? false
}

function declaredNames(node: Node): string[] {
  if (isVariableStatement(node))
    return node.declarationList.declarations.map((each) => each.name.getText())
  const { name } = node as Node & { name?: Node }
  return name !== undefined && isIdentifier(name) ? [name.text] : []
}

/** What a file declares and exports in one go, by name. */
function declaredExports(source: Source): Export[] {
  return (source.root?.statements ?? [])
    .filter((node) => hasModifier(node, SyntaxKind.ExportKeyword))
    .flatMap((node) => declaredNames(node).map((name) => ({ node, name })))
}

/** What a file exports in a list behind its declaration, under the name others see. */
function listedExports(source: Source): Export[] {
  const statements: readonly Node[] = source.root?.statements ?? []
  return statements.filter(isExportDeclaration).flatMap((node) => {
    const clause = node.exportClause
    if (clause === undefined || !isNamedExports(clause)) return []
    return clause.elements.map((each) => ({ node, name: each.name.text }))
  })
}

/** A docstring counts when it stands right above and has at least one whole sentence. */
function isDocumented(source: Source, node: Node): boolean {
  const doc = node.jsDoc?.at(-1)
  if (doc === undefined) return false
  const gap = source.text.slice(doc.end, node.getStart(source.root))
  return (
    /^\s*$/.test(gap) && !/\n\s*\n/.test(gap) && /\w.*[.!?:](\s|\*)/.test(doc.getText(source.root))
  )
}

function findUndocumented(sources: Source[]): Problem[] {
  return sources.flatMap((source) => {
    const exports = declaredExports(source)
    const documented = exports.filter(({ node }) => isDocumented(source, node))
    const names = new Set(documented.map(({ name }) => name))
    return exports
      .filter(({ name }) => !names.has(name))
      .map(({ node, name }) => problemAt(source, node, `${name} has no docstring right above it`))
  })
}

function findDefaults(sources: Source[]): Problem[] {
  return sources.flatMap((source) =>
    (source.root?.statements ?? [])
      .filter((node) => isExportAssignment(node) || hasModifier(node, SyntaxKind.DefaultKeyword))
      .map((node) => problemAt(source, node, 'a default export has no name of its own')),
  )
}

function findDead(sources: Source[]): Problem[] {
  const used = new Set<string>()
  for (const source of sources) {
    for (const { path, names } of importsOf(source)) {
      if (path !== source.path) for (const name of names) used.add(`${path} ${name}`)
    }
  }
  return sources
    .filter((source) => inside(source, 'src') && !used.has(`${source.path} *`))
    .flatMap((source) =>
      [...declaredExports(source), ...listedExports(source)]
        .filter(({ name }) => !used.has(`${source.path} ${name}`))
        .map(({ node, name }) => problemAt(source, node, `${name} is imported by no other file`)),
    )
}

/** Exports: each says what it is for, has a name, and is used by somebody. */
export const EXPORT_RULES: Rule[] = [
  {
    name: 'every export has a docstring right above it',
    problems: findUndocumented,
    bad: [
      { 'src/a.ts': 'export const a = 1' },
      { 'src/a.ts': '// Adds.\nexport function add() {}' },
      { 'src/a.ts': '/** Adds. */\n\nexport function add() {}' },
      { 'src/a.ts': '/** */\nexport interface A { b: 1 }' },
      { 'test/support/a.ts': '/** Adds. */\ntype B = 1\nexport type A = B' },
    ],
    good: [
      { 'src/a.ts': '/** One. */\nexport const a = 1\n/**\n * Two.\n */\nexport class B {}' },
      { 'src/a.ts': '/** A thing. */\nexport const A = f()\nexport type A = G<typeof A>' },
      { 'src/a.ts': 'const a = 1\ntype B = 1' },
    ],
  },
  {
    name: 'nothing is exported as default',
    problems: findDefaults,
    bad: [{ 'src/a.ts': 'export default 1' }, { 'src/a.ts': 'export default function f() {}' }],
    good: [{ 'src/a.ts': 'export const a = 1' }],
  },
  {
    name: 'every export of src is imported somewhere',
    problems: findDead,
    bad: [
      { 'src/a.ts': 'export const a = 1\nf(a)', 'src/b.ts': "import { b } from './a.ts'" },
      { 'src/a.ts': 'const a = 1\nexport { a as b }', 'src/b.ts': "import { a } from './a.ts'" },
      { 'src/a.ts': 'export type A = 1', 'src/x/b.ts': "import type { A } from './a.ts'" },
    ],
    good: [
      {
        'src/a.ts': 'export const a = 1\nexport type B = 1\nexport function c() {}',
        'src/x/b.ts': "import { a as z } from '../a.ts'\nexport { c } from '../a.ts'",
        'test/a.test.ts': "type C = import('../src/a.ts').B\nimport * as b from '../src/x/b.ts'",
      },
    ],
  },
]
