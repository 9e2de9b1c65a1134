import { SyntaxKind } from 'typescript/unstable/ast'
import {
  inside,
  lineAt,
  nodesOf,
  type Problem,
  type Rule,
  type Source,
  type TextFile,
} from './source.ts'

const BANNED = /@ts-(ignore|expect-error|nocheck)|biome-ignore|\b(TODO|FIXME|XXX)\b/g

const LITERALS = new Set([
  SyntaxKind.StringLiteral,
  SyntaxKind.NoSubstitutionTemplateLiteral,
  SyntaxKind.TemplateHead,
  SyntaxKind.TemplateMiddle,
  SyntaxKind.TemplateTail,
  SyntaxKind.RegularExpressionLiteral,
])

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ')
}

/** The text of a TypeScript file without its literals, so that every `//` left is a comment. */
function withoutLiterals(source: Source): string {
  let text = source.text
  for (const node of nodesOf(source)) {
    if (!LITERALS.has(node.kind)) continue
    const start = node.getStart(source.root)
    text = text.slice(0, start) + blank(text.slice(start, node.end)) + text.slice(node.end)
  }
  return text
}

/** The comments alone, at their places; a file in another language counts as comment whole. */
function commentsOf(source: Source): TextFile {
  if (source.root === undefined) return source
  const text = withoutLiterals(source)
  const comment = /\/\/[^\n]*|\/\*[\s\S]*?\*\//g
  const code = text.split(comment)
  const parts = text.match(comment) ?? []
  const kept = code.map((each, n) => blank(each) + (parts[n] ?? '')).join('')
  return { path: source.path, text: kept }
}

function findBannedComments(sources: Source[]): Problem[] {
  return sources
    .filter((source) => inside(source, 'src', 'test', 'bench', 'prove'))
    .map(commentsOf)
    .flatMap(({ path, text }) =>
      [...text.matchAll(BANNED)].map((match) => ({
        path,
        line: lineAt(text, match.index),
        message: `a comment says ${match[0]}`,
      })),
    )
}

/** Comments: nothing is put off in one, and none silences a check. */
export const COMMENT_RULES: Rule[] = [
  {
    name: 'no comment silences a check or puts work off',
    problems: findBannedComments,
    bad: [
      { 'src/a.ts': '// @ts-ignore\nf()' },
      { 'test/a.test.ts': '/* @ts-expect-error */ f()' },
      { 'src/a.ts': '// biome-ignore lint: it is fine\nf()' },
      { 'bench/a.ts': 'f() // TODO: later' },
      { 'src/a.ts': "const url = 'http://a' // FIXME" },
      { 'src/a.ts': '/**\n * TODO\n */\nfunction f() {}' },
      { 'src/schema/a.sql': '-- TODO an index' },
    ],
    good: [
      {
        'src/a.ts': "const a = '// TODO'\nconst b = `// FIXME`\nconst TODO = /\\/\\/ TODO/",
      },
      { 'src/a.ts': '// A todo list is kept in docs/roadmap.md.' },
    ],
  },
]
