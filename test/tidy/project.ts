import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { TextFile } from './source.ts'

const TEXT = /\.(ts|sql|html|css|js)$/

/**
 * The text files that make up the project at `root`: what git tracks, and what is new and not
 * ignored, so that a file is held to the rules before it is committed. Throws without git.
 */
export function readProject(root: string): TextFile[] {
  const listing = ['git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const git = Bun.spawnSync(listing, { cwd: root })
  if (!git.success) throw new Error(`git ls-files failed: ${git.stderr.toString()}`)
  const paths = new Set(git.stdout.toString().split('\0'))
  return [...paths]
    .filter((path) => TEXT.test(path) && existsSync(join(root, path)))
    .filter((path) => statSync(join(root, path)).isFile())
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
}
