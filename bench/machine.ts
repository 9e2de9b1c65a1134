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
  readonly versions: string
}

async function output(command: readonly string[]): Promise<string> {
  const child = Bun.spawn([...command], { stdout: 'pipe', stderr: 'ignore' })
  return (await child.stdout.text()).trim()
}

async function versions(): Promise<string> {
  const db = new Database(':memory:')
  const row = db.query<{ v: string }, []>('SELECT sqlite_version() AS v').get()
  db.close()
  // `wrk --version` prints its usage as well and exits with 1.
  const wrk = /^wrk (\S+)/.exec(await output(['wrk', '--version']))?.[1] ?? 'unknown'
  return `ackbox ${version}, Bun ${Bun.version}, SQLite ${row?.v}, wrk ${wrk}`
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
    versions: await versions(),
  }
}
