import { join } from 'node:path'
import { BINARY, binary, contestant } from './contestants.ts'
import type { Patience } from './patience.ts'
import { median } from './quantile.ts'
import { type ServerOptions, startServer } from './server.ts'

/** Milliseconds from the start of the process to the first 200 of readiness; medians. */
export interface Startup {
  readonly source: number
  /** Absent when the binary could not be built. */
  readonly binary: number | undefined
  /** From source, on the database that is given. */
  readonly used: number
  readonly binaryBytes: number
}

/** How often to start, in which folder, and where the used database is. */
export interface StartupOptions {
  readonly starts: number
  readonly folder: string
  readonly used: string
  readonly patience: Patience
}

async function timeStarts(
  { starts, patience }: StartupOptions,
  options: (number: number) => ServerOptions,
): Promise<number> {
  const times: number[] = []
  await patience.quiet()
  for (let number = 0; number < starts; number += 1) {
    using server = await startServer(options(number))
    times.push(server.readyMilliseconds)
    await server.stop()
  }
  return median(times)
}

/** Builds the binary as `make build` does; whether that worked. */
async function buildBinary(): Promise<boolean> {
  const make = Bun.spawn(['make', '--silent', 'build'], {
    cwd: join(import.meta.dir, '..'),
    stdout: 'ignore',
    stderr: 'inherit',
  })
  return (await make.exited) === 0
}

/** Times starts on new databases in the folder, from source and as binary, and on a used one. */
export async function measureStarts(how: StartupOptions): Promise<Startup> {
  const { folder, used } = how
  const built = await buildBinary()
  const fresh = (kind: string) => (number: number) => join(folder, `start-${kind}-${number}.db`)
  return {
    source: await timeStarts(how, (number) => contestant('ours', fresh('source')(number))),
    binary: built ? await timeStarts(how, (number) => binary(fresh('binary')(number))) : undefined,
    used: await timeStarts(how, () => contestant('ours', used)),
    binaryBytes: built ? Bun.file(BINARY).size : 0,
  }
}
