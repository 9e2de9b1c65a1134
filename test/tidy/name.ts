import { inside, type Problem, problemAt, type Rule, type Source } from './source.ts'

const VAGUE = /^(utils?|helpers?|common|managers?|misc)$/i

function vagueWord(path: string): string | undefined {
  if (path.endsWith('/index.ts')) return 'index.ts'
  const words = path.replace(/([a-z])([A-Z])/g, '$1-$2').split(/[/._-]/)
  return words.find((word) => VAGUE.test(word))
}

function findVagueNames(sources: Source[]): Problem[] {
  return sources
    .filter((source) => inside(source, 'src', 'test', 'bench', 'prove'))
    .flatMap((source) => {
      const word = vagueWord(source.path)
      if (word === undefined) return []
      return [problemAt(source, undefined, `"${word}" does not say what is in the file`)]
    })
}

/** Names: a file is called after the one thing in it. */
export const NAME_RULES: Rule[] = [
  {
    name: 'a file is named after what is in it',
    problems: findVagueNames,
    bad: [
      { 'src/utils.ts': '' },
      { 'src/http/index.ts': '' },
      { 'test/common/a.ts': '' },
      { 'bench/load-helpers.ts': '' },
      { 'src/queueManager.ts': '' },
    ],
    good: [{ 'src/message.ts': '', 'src/web/index.html': '', 'src/intake/commoner.ts': '' }],
  },
]
