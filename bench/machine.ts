import { Database } from 'bun:sqlite'
import { cpus, totalmem } from 'node:os'
import { version } from '../package.json'

/** What the figures belong to. Nothing in it names the machine or a place on it. */
export interface Machine {
  readonly cores: number
  readonly cpu: string
  readonly memoryBytes: number
  readonly kernel: string
  readonly fileSystem: string
  /** Of ackbox, Bun and SQLite. */
  readonly versions: string
  /** Of the load generator at saturation; undefined where it is not installed. */
  readonly wrk: string | undefined
}

async function output(command: readonly string[]): Promise<string> {
  const child = Bun.spawn([...command], { stdout: 'pipe', stderr: 'ignore' })
  return (await child.stdout.text()).trim()
}

function versions(): string {
  const db = new Database(':memory:')
  const row = db.query<{ v: string }, []>('SELECT sqlite_version() AS v').get()
  db.close()
  return `ackbox ${version}, Bun ${Bun.version}, SQLite ${row?.v}`
}

/** `wrk --version` prints its usage as well and exits with 1. */
async function wrkVersion(): Promise<string | undefined> {
  const path = Bun.which('wrk')
  return path === null ? undefined : /^wrk (\S+)/.exec(await output([path, '--version']))?.[1]
}

/** Describes this machine, and the file system that a folder is on. */
export async function describeMachine(folder: string): Promise<Machine> {
  const fileSystem = (await output(['df', '--output=fstype', folder])).split('\n').at(-1)
  return {
    cores: cpus().length,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    memoryBytes: totalmem(),
    kernel: `${await output(['uname', '-s'])} ${await output(['uname', '-m'])}`,
    fileSystem: fileSystem?.trim() ?? 'unknown',
    versions: versions(),
    wrk: await wrkVersion(),
  }
}
