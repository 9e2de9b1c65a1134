import { inside, type Problem, type Rule, type Source } from './source.ts'

const NOT_ASCII = /[^\n\r\t\x20-\x7e]/u

function findOtherScripts(sources: Source[]): Problem[] {
  return sources
    .filter((source) => inside(source, 'src'))
    .flatMap(({ path, text }) =>
      text.split('\n').flatMap((content, n) => {
        const character = NOT_ASCII.exec(content)?.[0]
        if (character === undefined) return []
        const code = character.codePointAt(0)?.toString(16).padStart(4, '0')
        return [{ path, line: n + 1, message: `holds U+${code}; write it as an escape` }]
      }),
    )
}

/** The alphabet of src is printable ASCII: what looks like a letter is that letter. */
export const ALPHABET_RULES: Rule[] = [
  {
    name: 'src is in ASCII',
    problems: findOtherScripts,
    bad: [{ 'src/a.ts': "const a = '\u00e9'" }, { 'src/a.sql': '-- a\u00a0b' }],
    good: [{ 'src/a.ts': "const a = '\\u00e9'\n\tb()\n", 'test/a.test.ts': "f('\u00e9')" }],
  },
]
