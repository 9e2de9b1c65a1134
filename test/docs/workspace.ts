import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Folder, openFolder } from '../support/folder.ts'
import { ROOT } from './document.ts'

/** What `make` needs of the project to install, to serve and to compile. */
const PARTS = [
  'Makefile',
  'bunfig.toml',
  'package-lock.json',
  'package.json',
  'src',
  'tsconfig.json',
]

/**
 * A copy of the project in a folder of its own, as somebody has it who just ran `make` there:
 * what its commands write (data, dist, .env) never touches the checkout. The packages are links
 * to the installed ones, and make's own mark says that they are up to date.
 */
export function openWorkspace(): Folder {
  const folder = openFolder()
  for (const part of PARTS) cpSync(join(ROOT, part), folder.file(part), { recursive: true })
  mkdirSync(folder.file('node_modules'))
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name.startsWith('.ackbox')) continue
    symlinkSync(join(ROOT, 'node_modules', name), folder.file(`node_modules/${name}`))
  }
  writeFileSync(folder.file('node_modules/.ackbox-installed'), '')
  // Every answer that a sample's curl prints is followed by its status, on a line of its own.
  writeFileSync(folder.file('.curlrc'), 'write-out = "\\n%{http_code}\\n"\n')
  return folder
}
