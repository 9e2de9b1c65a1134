import {
  isArrayLiteralExpression,
  isExpressionStatement,
  isNewExpression,
  isObjectLiteralExpression,
  isVariableStatement,
  type Node,
  NodeFlags,
} from 'typescript/unstable/ast'
import { inside, type Problem, problemAt, type Rule, type Source } from './source.ts'

/** Files that are run and not imported: there, work at the top level is the point. */
const ENTRIES = /^src\/(main|[^/]+\/thread|web\/browser\/(docs|inbox))\.ts$/

const CONTAINERS = /^(Map|Set|WeakMap|WeakSet)$/

function statements(source: Source): readonly Node[] {
  return inside(source, 'src') ? (source.root?.statements ?? []) : []
}

/** An empty container at the top of a module is of use only to who fills it later. */
function isEmptyContainer(node: Node | undefined): boolean {
  if (node === undefined) return false
  if (isArrayLiteralExpression(node)) return node.elements.length === 0
  if (isObjectLiteralExpression(node)) return node.properties.length === 0
  return (
    isNewExpression(node) &&
    CONTAINERS.test(node.expression.getText()) &&
    (node.arguments?.length ?? 0) === 0
  )
}

function findState(sources: Source[]): Problem[] {
  return sources.flatMap((source) =>
    statements(source)
      .filter(isVariableStatement)
      .filter(({ declarationList: list }) => {
        const constant = (list.flags & NodeFlags.Const) !== 0
        return !constant || list.declarations.some((each) => isEmptyContainer(each.initializer))
      })
      .map((node) => problemAt(source, node, 'the module holds state; make it in a function')),
  )
}

function findWork(sources: Source[]): Problem[] {
  return sources
    .filter(({ path }) => !ENTRIES.test(path))
    .flatMap((source) =>
      statements(source)
        .filter(isExpressionStatement)
        .map((node) => problemAt(source, node, 'work is done at import')),
    )
}

/** Modules hold no state and do nothing when imported: the wiring makes everything. */
export const STATE_RULES: Rule[] = [
  {
    name: 'no module of src holds state',
    problems: findState,
    bad: [
      { 'src/a.ts': 'let a = 1' },
      { 'src/a.ts': 'export var a = 1' },
      { 'src/a.ts': 'const seen = new Map<string, number>()' },
      { 'src/a.ts': 'const rows: string[] = []' },
    ],
    good: [
      { 'src/a.ts': "const NAMES = new Set(['a'])\nfunction f() { let a = 1; return a }" },
      { 'test/a.test.ts': 'let a = 1' },
    ],
  },
  {
    name: 'no module of src does work at import',
    problems: findWork,
    bad: [{ 'src/a.ts': 'start()' }, { 'src/a.ts': 'await start()' }],
    good: [
      { 'src/main.ts': 'start()', 'src/sqlite/thread.ts': 'listen()' },
      { 'src/a.ts': "import './b.ts'\nconst A = f()\nfunction g() { h() }" },
    ],
  },
]
