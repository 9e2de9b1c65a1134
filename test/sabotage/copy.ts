import { cp, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const LEFT_BEHIND = new Set(['.git', 'node_modules', 'data', 'dist', 'coverage'])

/**
 * Copies the project at `root` to a temporary folder, without what it has written itself, and
 * with its packages by a link. Gives the folder's path; whoever asks for it removes it.
 */
export async function copyProject(root: string): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), `ackbox-sabotage-${process.pid}-`))
  try {
    const copyOver = (name: string) => cp(join(root, name), join(copy, name), { recursive: true })
    const names = (await readdir(root)).filter((name) => !LEFT_BEHIND.has(name))
    await Promise.all(names.map((name) => copyOver(name)))
    await symlink(join(root, 'node_modules'), join(copy, 'node_modules'))
    return copy
  } catch (error) {
    await rm(copy, { recursive: true })
    throw error
  }
}
