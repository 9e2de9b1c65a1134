import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { ALPHABET_RULES } from './tidy/alphabet.ts'
import { ASSERTION_RULES } from './tidy/assertion.ts'
import { BAN_RULES } from './tidy/ban.ts'
import { COMMENT_RULES } from './tidy/comment.ts'
import { CYCLE_RULES } from './tidy/cycle.ts'
import { EXPORT_RULES } from './tidy/export.ts'
import { LAYER_RULES } from './tidy/layer.ts'
import { LENGTH_RULES, medians } from './tidy/length.ts'
import { NAME_RULES } from './tidy/name.ts'
import { readProject } from './tidy/project.ts'
import { parseTrees, type TextFile } from './tidy/source.ts'
import { STATE_RULES } from './tidy/state.ts'

const RULES = [
  ...LENGTH_RULES,
  ...ALPHABET_RULES,
  ...NAME_RULES,
  ...BAN_RULES,
  ...COMMENT_RULES,
  ...STATE_RULES,
  ...EXPORT_RULES,
  ...ASSERTION_RULES,
  ...LAYER_RULES,
  ...CYCLE_RULES,
]

/** Text by path, as the rules give their examples, in the form the parser takes. */
function toTree(example: Record<string, string>): TextFile[] {
  return Object.entries(example).map(([path, text]) => ({ path, text }))
}

/** Why a tree was refused; undefined when it was not. */
async function refusalOf(example: Record<string, string>): Promise<unknown> {
  try {
    await parseTrees([toTree(example)])
    return undefined
  } catch (refusal) {
    return refusal
  }
}

const project = readProject(join(import.meta.dir, '..'))
const [sources = []] = await parseTrees([project])
const examples = RULES.flatMap((rule) => [...rule.bad, ...rule.good])
const parsed = await parseTrees(examples.map(toTree))
const exampleSources = new Map(examples.map((example, n) => [example, parsed[n] ?? []]))

test('the project has the files that the rules are about', () => {
  const paths = project.map(({ path }) => path)
  expect(paths).toContain('test/tidy.test.ts')
  expect(paths.filter((path) => path.startsWith('src/')).length).toBeGreaterThan(0)
})

for (const rule of RULES) {
  const count = (example: Record<string, string>) => ({
    example,
    problems: rule.problems(exampleSources.get(example) ?? []).length,
  })

  test(`${rule.name}, in the whole project`, () => {
    const problems = rule.problems(sources)
    expect(problems.map(({ path, line, message }) => `${path}:${line} ${message}`)).toEqual([])
  })

  test(`the check that ${rule.name} finds each bad example`, () => {
    expect(rule.bad.map(count)).toEqual(rule.bad.map((example) => ({ example, problems: 1 })))
  })

  test(`the check that ${rule.name} passes each good example`, () => {
    expect(rule.good.map(count)).toEqual(rule.good.map((example) => ({ example, problems: 0 })))
  })
}

test('refuses to judge a file with a syntax error', async () => {
  expect(String(await refusalOf({ 'src/a.ts': 'const = 1' }))).toContain('/src/a.ts')
  expect(await refusalOf({ 'src/a.ts': 'const a = 1' })).toBeUndefined()
})

test('measures the median of the files and of the functions with a name', () => {
  const { files, file, function: lines } = medians(sources)
  console.log(`src: ${files} files, median ${file} lines; functions, median ${lines} lines`)
  expect(files).toBe(sources.filter(({ path }) => /^src\/.*\.ts$/.test(path)).length)
})
