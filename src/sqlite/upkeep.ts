import { existsSync, lstatSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { StartRefused } from '../start_refused.ts'
import type { BackupWork, Finding, Progress, Upkeep } from '../upkeep.ts'
import { type Backup, copyBytesMax, unwritable } from './backup.ts'
import { prepare } from './connection.ts'
import { MEMORY } from './identity.ts'
import { holdLock } from './lock.ts'
import { REBUILDING } from './rebuild.ts'
import type { Steps } from './steps.ts'
import { EngineThread } from './threads.ts'
import { CHECKS } from './verify.ts'

const STEPS = { rebuilder: REBUILDING, verifier: CHECKS } as const

function refuseAbsent(path: string): void {
  if (path === MEMORY) {
    throw new StartRefused('a database in memory ends with its process: name a file')
  }
  if (!existsSync(path)) {
    throw new StartRefused(`${path} does not exist: set DATABASE_URL to that of the service`)
  }
}

/**
 * Opens a database that nobody serves for a work of several steps, in a thread of its own, so
 * that progress can be shown meanwhile. Throws StartRefused as openSqliteStore does, and where
 * there is no such file yet.
 */
export async function openSqliteUpkeep(
  role: keyof typeof STEPS,
  path: string,
  progress: Progress,
): Promise<Upkeep> {
  refuseAbsent(path)
  prepare(path)
  const lock = holdLock(path)
  const thread = new EngineThread<Steps>(progress)
  const release = () => {
    thread.terminate()
    lock.close()
  }
  try {
    await thread.open(role, path)
  } catch (error) {
    release()
    throw error
  }
  return {
    steps: Object.keys(STEPS[role]).map((name) => ({ name, run: () => thread.call('run', name) })),
    close: async () => {
      await thread.call('close')
      release()
    },
  }
}

/** What stands behind the database's name in those of the files beside it. */
const OWN_ENDING = /^(\.(arrivals|search|lock))?(-(wal|shm|journal))?$/

/** Throws StartRefused for no name at all, and for one that the store would remove or take up. */
function refuseOwnName(path: string, file: string): void {
  const [whole, own] = [resolve(file), resolve(path)]
  if (file !== '' && !(whole.startsWith(own) && OWN_ENDING.test(whole.slice(own.length)))) return
  throw new StartRefused(`"${file}" is no name for a copy: name another file`)
}

/** Makes a folder beside the file for the copy while it is a part. Throws StartRefused. */
function openPartial(file: string) {
  if (lstatSync(file, { throwIfNoEntry: false }) !== undefined) {
    throw new StartRefused(`${file} is there already, and is left as it was: name a new file`)
  }
  try {
    const folder = mkdtempSync(`${file}.partial-`)
    const remove = () => rmSync(folder, { recursive: true, force: true })
    return { path: join(folder, 'app.db'), remove }
  } catch (error) {
    throw unwritable(file, error)
  }
}

const UNFIT: Finding = { ok: false, text: 'not made: the copy is damaged' }

/**
 * Opens a database, served or not, to copy it into a new file. The file appears when the copy is
 * whole and on disk. Throws StartRefused as openSqliteUpkeep does, and where there is such a file.
 */
export async function openSqliteBackup(
  path: string,
  file: string,
  freeBytesMin: number,
): Promise<BackupWork> {
  refuseAbsent(path)
  if (!existsSync(file)) refuseOwnName(path, file)
  const thread = new EngineThread<Backup>()
  const open = async () => {
    await thread.open('backup', path)
    return openPartial(file)
  }
  const partial = await open().catch((error) => {
    thread.terminate()
    throw error
  })
  const bytesMax = copyBytesMax(path)
  const bytes = () => statSync(partial.path, { throwIfNoEntry: false })?.size ?? 0
  let whole = false
  const verify = async () => {
    const finding = await thread.call('verify', partial.path)
    whole = finding.ok
    return finding
  }
  const publish = async () => (whole ? thread.call('publish', partial.path, file) : UNFIT)
  return {
    steps: [
      {
        name: 'copy',
        part: () => Math.min(1, bytes() / bytesMax),
        run: () => thread.call('copy', partial.path, freeBytesMin),
      },
      { name: 'integrity', run: verify },
      { name: 'file', run: publish },
    ],
    abandon: partial.remove,
    close: async () => {
      partial.remove()
      await thread.call('close')
      thread.terminate()
    },
  }
}
