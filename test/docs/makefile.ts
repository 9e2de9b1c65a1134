import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './document.ts'

/** The targets of the Makefile that are commands and no files, in their order. */
export function makeTargets(): string[] {
  const makefile = readFileSync(join(ROOT, 'Makefile'), 'utf8')
  return [...makefile.matchAll(/^\.PHONY: (.+)$/gm)].flatMap(([, names = '']) => names.split(' '))
}
