import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A new folder of a test's own. */
export interface Folder extends Disposable {
  readonly path: string
  /** Path of a file in it. */
  readonly file: (name: string) => string
}

/** Makes a new empty folder; `using folder = openFolder()` removes it at the block's end. */
export function openFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'ackbox-test-'))
  return {
    path,
    file: (name) => join(path, name),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  }
}
