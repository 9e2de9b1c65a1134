import {
  isIdentifier,
  isImportSpecifier,
  isNewExpression,
  isPropertyAccessExpression,
  isShorthandPropertyAssignment,
  type Node,
  SyntaxKind,
} from 'typescript/unstable/ast'
import { inside, nodesOf, type Problem, problemAt, type Rule, type Source } from './source.ts'

/**
 * A name that may be mentioned in no file of `folders` but those `allowed`, each for a reason. An
 * allowed path that ends in a slash is a folder.
 */
interface Ban {
  name: RegExp
  folders: string[]
  allowed: Record<string, string>
  why: string
}

const EVERYWHERE = ['src', 'test', 'bench', 'prove']
const MAIN = { 'src/main.ts': 'the one place where the process meets the program' }

const PAGE = { 'src/web/browser/': 'a page has no wiring but the browser itself' }

const BANS: Ban[] = [
  {
    name: /^(Number\.)?parse(Int|Float)$/,
    folders: EVERYWHERE,
    allowed: {},
    why: 'it takes digits with anything behind them; match the whole text and use Number()',
  },
  { name: /^any$/, folders: EVERYWHERE, allowed: {}, why: 'it switches the types off' },
  { name: /^console$/, folders: ['src'], allowed: {}, why: 'stdout is for the log alone' },
  {
    name: /^process\.exit$/,
    folders: EVERYWHERE,
    allowed: MAIN,
    why: 'it loses what is not yet flushed; return, or set process.exitCode',
  },
  {
    name: /^(process|Bun|import\.meta)\.env$/,
    folders: ['src'],
    allowed: MAIN,
    why: 'the environment is passed in from src/main.ts',
  },
  {
    name: /^(closeSync|Bun\.file|readFileSync)$/,
    folders: ['src/sqlite'],
    allowed: {
      'src/sqlite/backup.ts': 'its files are those of a copy that nobody has open',
      'src/sqlite/boot.ts': 'it reads a file of the system',
      'src/sqlite/connection.ts': 'a file is made before there is a connection',
      'src/sqlite/identity.ts': 'a file is looked at before there is a connection',
    },
    why: 'to close any descriptor of a database takes all its locks from this process',
  },
  {
    name: /^(new Date\(\)|Date\.now|performance\.now|Bun\.nanoseconds|process\.hrtime)$/,
    folders: ['src'],
    allowed: {
      ...MAIN,
      ...PAGE,
      'src/service.ts': 'the wiring hands the clock out',
      'src/sqlite/thread.ts': 'a thread is wired here, and no function can be passed into it',
    },
    why: 'the clock is passed in from the wiring',
  },
  {
    name: /^((crypto\.)?randomUUID|Bun\.randomUUIDv[57]|Math\.random)$/,
    folders: ['src'],
    allowed: { ...MAIN, ...PAGE, 'src/service.ts': 'the wiring hands out new ids' },
    why: 'ids and chance are passed in from the wiring',
  },
  {
    name: /^(setTimeout|setInterval|Bun\.sleep)$/,
    folders: ['src'],
    allowed: { ...MAIN, ...PAGE, 'src/service.ts': 'the wiring hands out timers' },
    why: 'timers are passed in from the wiring',
  },
  {
    name: /^Bun\.(SQL|sql)$/,
    folders: ['src'],
    allowed: { 'src/postgres/': 'the engine behind it' },
    why: 'only an engine touches a database',
  },
]

/** Names in an import or a shorthand are uses too; in a declaration or after a dot they are not. */
function isUse(node: Node): boolean {
  if (isImportSpecifier(node.parent)) return (node.parent.propertyName ?? node.parent.name) === node
  const named = (node.parent as Node & { name?: Node }).name === node
  return !named || isShorthandPropertyAssignment(node.parent)
}

/** What a node mentions, as a ban spells it; undefined for a node that mentions nothing. */
function mention(node: Node, source: Source): string | undefined {
  if (node.kind === SyntaxKind.AnyKeyword) return 'any'
  if (isIdentifier(node)) return isUse(node) ? node.text : undefined
  if (isPropertyAccessExpression(node)) {
    return node
      .getText(source.root)
      .replace(/\s|\?/g, '')
      .replace(/^globalThis\./, '')
  }
  const empty = isNewExpression(node) && (node.arguments?.length ?? 0) === 0
  return empty ? `new ${node.expression.getText(source.root)}()` : undefined
}

function isAllowed(ban: Ban, path: string): boolean {
  return Object.keys(ban.allowed).some((at) =>
    at.endsWith('/') ? path.startsWith(at) : path === at,
  )
}

function findBanned(sources: Source[]): Problem[] {
  return sources.flatMap((source) => {
    const bans = BANS.filter((ban) => inside(source, ...ban.folders)).filter(
      (ban) => !isAllowed(ban, source.path),
    )
    return [...nodesOf(source)].flatMap((node) => {
      const name = mention(node, source)
      const ban = name === undefined ? undefined : bans.find((each) => each.name.test(name))
      return ban === undefined ? [] : [problemAt(source, node, `${name}: ${ban.why}`)]
    })
  })
}

/** Names that are not mentioned, with where they may be after all. */
export const BAN_RULES: Rule[] = [
  {
    name: 'no banned name is mentioned',
    problems: findBanned,
    bad: [
      { 'src/a.ts': 'const a = parseInt(b, 10)' },
      { 'bench/a.ts': 'const a = b.map(Number.parseFloat)' },
      { 'src/a.ts': 'const a: any = 1' },
      { 'test/a.test.ts': 'const a = f(b as any)' },
      { 'src/a.ts': 'function f() { console.log(1) }' },
      { 'src/cli/a.ts': 'function f() { process.exit(1) }' },
      { 'bench/a.ts': 'process.exit()' },
      { 'src/config.ts': 'const a = process.env.PORT' },
      { 'src/a.ts': 'const a = Bun.env' },
      { 'src/a.ts': 'const a = import.meta.env' },
      { 'src/a.ts': 'const clock = Date.now' },
      { 'src/a.ts': 'const a = new Date()' },
      { 'src/a.ts': 'const a = performance.now()' },
      { 'src/a.ts': 'const a = globalThis.crypto.randomUUID()' },
      { 'src/a.ts': "import { randomUUID as id } from 'node:crypto'" },
      { 'src/a.ts': 'const a = Math.random()' },
      { 'src/a.ts': 'const a = { setTimeout }' },
      { 'src/intake/a.ts': 'function f() { setInterval(g, 1) }' },
      { 'src/service.ts': 'const sql = new Bun.SQL(url)' },
    ],
    good: [
      {
        'src/main.ts': 'process.exit(f(process.env, new Date(), crypto.randomUUID, setTimeout))',
        'src/service.ts': 'const clock = { now: Date.now, setTimeout, id: crypto.randomUUID }',
      },
      { 'src/a.ts': 'const a = new Date(0)\nconst b: unknown = clock.now()\nprocess.exitCode = 1' },
      { 'src/a.ts': 'interface Timers { setTimeout: (ms: number) => void }' },
      { 'src/a.ts': "// parseInt(a), console.log\nconst a = 'new Date()'" },
      { 'test/a.test.ts': 'console.log(Date.now(), process.env)' },
      { 'src/postgres/engine.ts': 'const sql = new Bun.SQL(url)' },
    ],
  },
]
