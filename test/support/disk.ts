import { rmSync, statfsSync, writeFileSync } from 'node:fs'
import { inTime } from './deadline.ts'
import { openFolder } from './folder.ts'
import { startProcess, type TestProcess } from './process.ts'

/** A small disk in memory of a test's own; `await using` removes it. */
export interface Disk extends AsyncDisposable {
  /** Path of a file on it, for those who are on the disk's side. */
  readonly file: (name: string) => string
  /** The same for this process. */
  readonly outside: (name: string) => string
  /** What goes before a command that is to have the disk. */
  readonly enter: readonly string[]
  /** Starts a service that has the disk. */
  readonly start: (variables: Readonly<Record<string, string>>) => TestProcess
  /** Fills the disk up to so many free bytes. */
  readonly fill: (freeBytes: number) => void
  /** Frees what `fill` took. */
  readonly empty: () => void
  /** Free bytes. */
  readonly freeBytes: () => number
  /** Makes it read-only, or writable again; while no service has it. */
  readonly remount: (mode: 'ro' | 'rw') => Promise<void>
}

/**
 * Mounts a disk of so many bytes (tmpfs) in a mount namespace of its own, which asks for no
 * privileges where the system allows user namespaces.
 */
export async function openDisk(bytes: number): Promise<Disk> {
  const folder = openFolder()
  const mount = `mount -t tmpfs -o size=${bytes} disk '${folder.path}' && echo mounted && cat`
  const cmd = ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', mount]
  const holder = Bun.spawn({ cmd, stdin: 'pipe', stdout: 'pipe', stderr: 'inherit' })
  const { value } = await inTime('the disk is mounted', holder.stdout.getReader().read())
  if (value === undefined) throw new Error('no disk can be mounted: allow user namespaces')
  const target = ['--target', String(holder.pid), '--user', '--mount', '--preserve-credentials']
  const enter = ['nsenter', ...target]
  const outside = (name: string) => `/proc/${holder.pid}/root${folder.file(name)}`
  const freeBytes = () => {
    const { bavail, bsize } = statfsSync(outside(''))
    return bavail * bsize
  }
  return {
    file: folder.file,
    outside,
    enter,
    start: (variables) => startProcess(variables, `exec ${enter.join(' ')} "$@"`),
    freeBytes,
    fill: (left) => {
      try {
        writeFileSync(outside('ballast'), new Uint8Array(freeBytes() - left))
      } catch (error) {
        // A service that writes meanwhile has taken some of it: then it is as full as can be.
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
      }
    },
    remount: async (mode) => {
      const command = ['mount', '-o', `remount,${mode}`, folder.path]
      const child = Bun.spawn([...enter, ...command])
      if ((await child.exited) !== 0) throw new Error(`the disk cannot be remounted ${mode}`)
    },
    empty: () => rmSync(outside('ballast')),
    [Symbol.asyncDispose]: async () => {
      holder.stdin.end()
      await holder.exited
      folder[Symbol.dispose]()
    },
  }
}

/**
 * Lets system calls of a running process fail with this error, as a disk that is broken, read-only
 * or over its quota does, until the returned object is disposed of.
 */
export async function breakCalls(
  pid: number,
  { calls, error }: { calls: string; error: string },
): Promise<AsyncDisposable> {
  const folder = openFolder()
  const inject = ['-e', `trace=${calls}`, '-e', `inject=${calls}:error=${error}`]
  const cmd = ['strace', '-f', '-p', String(pid), '-o', folder.file('trace'), ...inject]
  const tracer = Bun.spawn({ cmd, stdout: 'ignore', stderr: 'pipe' })
  const { value } = await inTime('strace attaches', tracer.stderr.getReader().read())
  const words = new TextDecoder().decode(value)
  if (!words.includes('attached')) throw new Error(`strace cannot trace the service: ${words}`)
  return {
    [Symbol.asyncDispose]: async () => {
      tracer.kill('SIGTERM')
      await inTime('strace ends', tracer.exited)
      folder[Symbol.dispose]()
    },
  }
}
