import type { Node, SourceFile } from 'typescript/unstable/ast'
import { API } from 'typescript/unstable/async'
import { createVirtualFileSystem } from 'typescript/unstable/fs'

/** A text file of the project: its path from the root of the project, with forward slashes. */
export interface TextFile {
  path: string
  text: string
}

/** A text file with its syntax tree; a file that is not TypeScript has none. */
export interface Source extends TextFile {
  root: SourceFile | undefined
}

/** One breach of one rule. `line` counts from 1. */
export interface Problem {
  path: string
  line: number
  message: string
}

/**
 * A rule of the house: a pure function from the project to its problems, with the examples that
 * prove it. Each tree in `bad` (text by path) must give exactly one problem, each in `good` none.
 */
export interface Rule {
  name: string
  problems: (sources: Source[]) => Problem[]
  bad: Record<string, string>[]
  good: Record<string, string>[]
}

const TSCONFIG = {
  compilerOptions: { noLib: true, noResolve: true, types: [], allowImportingTsExtensions: true },
  include: ['**/*.ts'],
}

/**
 * Parses several trees with the TypeScript compiler in one go: one compiler process for all of
 * them, as starting it is what costs. The result is in the order of `trees`. Throws when a file
 * has a syntax error, since no rule could be trusted on it.
 */
export async function parseTrees(trees: TextFile[][]): Promise<Source[][]> {
  const placed = trees.map((tree, n) => tree.map((file) => ({ file, at: `/${n}/${file.path}` })))
  const code = placed.flat().filter(({ at }) => at.endsWith('.ts'))
  const texts = Object.fromEntries(code.map(({ file, at }) => [at, file.text]))
  const config = '/tsconfig.json'
  const fs = createVirtualFileSystem({ ...texts, [config]: JSON.stringify(TSCONFIG) })
  const api = new API({ cwd: '/', fs })
  try {
    const snapshot = await api.updateSnapshot({ openProject: config })
    const program = snapshot.getProject(config)?.program
    if (program === undefined) throw new Error('the TypeScript compiler opened no project')
    const broken = await program.getSyntacticDiagnostics()
    const first = broken[0]
    if (first !== undefined) throw new Error(`${first.fileName}: ${first.text}`)
    const parse = async ({ file, at }: { file: TextFile; at: string }): Promise<Source> => {
      if (!at.endsWith('.ts')) return { ...file, root: undefined }
      const root = await program.getSourceFile(at)
      if (root === undefined) throw new Error(`the TypeScript compiler did not read ${at}`)
      return { ...file, root }
    }
    return await Promise.all(placed.map((tree) => Promise.all(tree.map(parse))))
  } finally {
    await api.close()
  }
}

/** True when the file is in one of the top level's folders named. */
export function inside(source: TextFile, ...folders: string[]): boolean {
  return folders.some((folder) => source.path.startsWith(`${folder}/`))
}

/** The line, from 1, of an offset in a text. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

/** Every node of the file's syntax tree, parents before children; none for other files. */
export function* nodesOf(source: Source): Generator<Node> {
  const waiting: Node[] = source.root === undefined ? [] : [source.root]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    yield node
    const children: Node[] = []
    node.forEachChild((child) => {
      children.push(child)
    })
    waiting.push(...children.reverse())
  }
}

/** A problem at a node of a source, or at the file's first line when there is no node. */
export function problemAt(source: Source, node: Node | undefined, message: string): Problem {
  const line = node === undefined ? 1 : lineAt(source.text, node.getStart(source.root))
  return { path: source.path, line, message }
}
