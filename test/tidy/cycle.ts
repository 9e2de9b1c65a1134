import { importsOf } from './import.ts'
import { type Problem, problemAt, type Rule, type Source } from './source.ts'

/**
 * Every import that leads back to a file on the way to it. Each file is entered once, so a cycle
 * is reported once, at the file where the walk closed it. An import of a type counts: two files
 * that need each other's types are one file, or three.
 */
function findCycles(sources: Source[]): Problem[] {
  const byPath = new Map(sources.map((source) => [source.path, source]))
  const done = new Set<string>()
  const problems: Problem[] = []
  const visit = (source: Source, way: string[]) => {
    const here = [...way, source.path]
    for (const { node, path } of importsOf(source)) {
      const next = path === undefined ? undefined : byPath.get(path)
      if (next === undefined || done.has(next.path)) continue
      const start = here.indexOf(next.path)
      if (start < 0) visit(next, here)
      else {
        const cycle = [...here.slice(start), next.path].join(' -> ')
        problems.push(problemAt(source, node, `closes a cycle: ${cycle}`))
      }
    }
    done.add(source.path)
  }
  for (const source of sources) if (!done.has(source.path)) visit(source, [])
  return problems
}

/** Imports form no cycle. */
export const CYCLE_RULES: Rule[] = [
  {
    name: 'no imports form a cycle',
    problems: findCycles,
    bad: [
      { 'src/a.ts': "import './b.ts'", 'src/b.ts': "import type { A } from './a.ts'" },
      {
        'src/a.ts': "import './x/b.ts'",
        'src/x/b.ts': "export { c } from './c.ts'",
        'src/x/c.ts': "type A = import('../a.ts').A",
      },
      { 'test/a.ts': "import './a.ts'" },
    ],
    good: [
      {
        'src/a.ts': "import './b.ts'\nimport './c.ts'",
        'src/b.ts': "import './d.ts'",
        'src/c.ts': "import './d.ts'",
        'src/d.ts': "import 'a'",
      },
    ],
  },
]
