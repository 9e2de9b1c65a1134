import { type Config, parseConfig } from '../../src/config.ts'
import { StartRefused } from '../../src/start_refused.ts'

/** Variables by name; undefined stands for one that is not set. */
export type Variables = Record<string, string | undefined>

const FILES: Record<string, string> = {
  '/run/secrets/webhook': 'from-the-file\n',
  '/run/secrets/windows': 'from-the-file\r\n',
  '/run/secrets/spaced': ' two \n\n',
  '/run/secrets/empty': '',
  '/run/secrets/newline': '\n',
}

/** Reads one of a few files that hold secrets, as Docker mounts them. */
export function readFile(path: string): string {
  const text = FILES[path]
  if (text === undefined) throw new Error(`ENOENT: no such file, open '${path}'`)
  return text
}

/** The settings, from these variables beside a secret. */
export function parse(variables: Variables): Config {
  return parseConfig({
    variables: { WEBHOOK_SECRET: 's3cret-Qx7-and-more', ...variables },
    readFile,
  })
}

/** The lines with which these variables are refused. */
export function problems(variables: Variables): string[] {
  try {
    parse(variables)
  } catch (error) {
    if (error instanceof StartRefused) return error.message.split('\n')
    throw error
  }
  return []
}
