import {
  isAwaitExpression,
  isCallExpression,
  isIdentifier,
  isPropertyAccessExpression,
  isReturnStatement,
  type Node,
  SyntaxKind,
} from 'typescript/unstable/ast'
import { inside, nodesOf, type Problem, problemAt, type Rule, type Source } from './source.ts'

const TEST = /^(test|it|describe)$/
const SKIPS = /^(skip|skipIf|todo|todoIf|only|if|failing)$/

function findSkipped(sources: Source[]): Problem[] {
  return sources
    .filter((source) => inside(source, 'test'))
    .flatMap((source) =>
      [...nodesOf(source)]
        .filter(isPropertyAccessExpression)
        .filter(({ expression, name }) => TEST.test(expression.getText()) && SKIPS.test(name.text))
        .map((node) => problemAt(source, node, `${node.getText(source.root)} hides tests`)),
    )
}

/** What is wrong with one `expect(x)`, seen from the chain of names and calls behind it. */
function faultOf(call: Node): string | undefined {
  let end = call
  let promised = false
  while (isPropertyAccessExpression(end.parent) && end.parent.expression === end) {
    end = end.parent
    promised ||= isPropertyAccessExpression(end) && /^(resolves|rejects)$/.test(end.name.text)
  }
  const called = isCallExpression(end.parent) && end.parent.expression === end
  if (end === call || !called) return 'expect without a matcher checks nothing'
  const { parent } = end.parent
  const waited =
    isAwaitExpression(parent) ||
    isReturnStatement(parent) ||
    parent.kind === SyntaxKind.ArrowFunction
  return promised && !waited ? 'an expect on a promise is not awaited' : undefined
}

function findEmptyExpects(sources: Source[]): Problem[] {
  return sources
    .filter((source) => inside(source, 'test'))
    .flatMap((source) =>
      [...nodesOf(source)]
        .filter(isCallExpression)
        .filter(({ expression }) => isIdentifier(expression) && expression.text === 'expect')
        .flatMap((node) => {
          const fault = faultOf(node)
          return fault === undefined ? [] : [problemAt(source, node, fault)]
        }),
    )
}

/** Assertions: every test runs, and every `expect` can fail. */
export const ASSERTION_RULES: Rule[] = [
  {
    name: 'no test is skipped',
    problems: findSkipped,
    bad: [
      { 'test/a.test.ts': "test.skip('a', f)" },
      { 'test/a.test.ts': "test.todo('a')" },
      { 'test/a.test.ts': "describe.only('a', f)" },
      { 'test/a.test.ts': "test.skipIf(true)('a', f)" },
    ],
    good: [{ 'test/a.test.ts': "test.each([1])('a', f)\nlist.skip(1)" }],
  },
  {
    name: 'every expect has a matcher',
    problems: findEmptyExpects,
    bad: [
      { 'test/a.test.ts': 'expect(a)' },
      { 'test/a.test.ts': 'expect(a).not' },
      { 'test/a.test.ts': 'expect(a).toBe' },
      { 'test/a.test.ts': 'await expect(a())' },
      { 'test/a.test.ts': 'expect(a).resolves.toBe(1)' },
    ],
    good: [
      { 'test/a.test.ts': 'expect(a).toBe(1)\nexpect(a).not.toThrow()\nexpect.assertions(2)' },
      { 'test/a.test.ts': 'await expect(a).rejects.toThrow()' },
    ],
  },
]
