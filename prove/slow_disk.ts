import { readdirSync, readFileSync } from 'node:fs'
import { until } from '../test/support/deadline.ts'
import { requireProgram } from './program.ts'

const isTraced = (pid: number, thread: string) =>
  !/^TracerPid:\s+0$/m.test(readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8'))

/** The threads of a process but the first, which runs the event loop and never syncs a file. */
const threadsOf = (pid: number) =>
  readdirSync(`/proc/${pid}/task`).filter((thread) => Number(thread) !== pid)

/**
 * Holds up every fsync of a process by so many milliseconds, until it is disposed of. strace(1)
 * does it in the threads that write, so that the event loop runs as fast as ever. Throws where
 * strace is missing or may not trace.
 */
export async function slowDisk(pid: number, milliseconds: number): Promise<AsyncDisposable> {
  const strace = requireProgram('strace')
  const threads = threadsOf(pid)
  const calls = 'fsync,fdatasync'
  const how = ['-e', `trace=${calls}`, '-e', `inject=${calls}:delay_enter=${milliseconds}ms`]
  const child = Bun.spawn(
    [strace, '-qq', '-o', '/dev/null', ...how, ...threads.flatMap((thread) => ['-p', thread])],
    { stdin: 'ignore', stdout: 'ignore', stderr: 'pipe' },
  )
  await until('strace to hold up the disk', () => {
    if (child.exitCode !== null) throw new Error(`strace ended with ${child.exitCode}`)
    return threads.every((thread) => isTraced(pid, thread))
  })
  return {
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM')
      await child.exited
    },
  }
}
