import { join } from 'node:path'
import { BINARY, binary, contestant } from './contestants.ts'
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

async function timeStarts(starts: number, options: (number: number) => ServerOptions) {
  const times: number[] = []
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
export async function measureStarts(
  starts: number,
  { folder, used }: { folder: string; used: string },
): Promise<Startup> {
  const built = await buildBinary()
  const fresh = (kind: string) => (number: number) => join(folder, `start-${kind}-${number}.db`)
  return {
    source: await timeStarts(starts, (number) => contestant('ours', fresh('source')(number))),
    binary: built
      ? await timeStarts(starts, (number) => binary(fresh('binary')(number)))
      : undefined,
    used: await timeStarts(starts, () => contestant('ours', used)),
    binaryBytes: built ? Bun.file(BINARY).size : 0,
  }
}
