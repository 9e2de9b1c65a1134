import { readFileSync } from 'node:fs'

/** Clock ticks of the kernel's process accounting per second (USER_HZ, 100 on every Linux). */
const TICKS_PER_SECOND = 100

/** Memory of a process in bytes: resident now, and at most so far. */
export interface Memory {
  readonly resident: number
  readonly peak: number
}

/** Reads the memory of a process from /proc (proc_pid_status(5): VmRSS and VmHWM, in kB). */
export function memoryOf(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const bytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s+([0-9]+) kB$`, 'm').exec(status)?.[1]) * 1024
  return { resident: bytes('VmRSS'), peak: bytes('VmHWM') }
}

/** CPU seconds of a process so far: of its first thread, which runs the event loop, and of all. */
export interface Cpu {
  readonly main: number
  readonly all: number
}

function secondsIn(path: string): number {
  // The name in brackets may hold anything; utime and stime are fields 14 and 15.
  const fields = readFileSync(path, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

/** Reads the CPU time of a process and of its first thread from /proc (proc_pid_stat(5)). */
export function cpuOf(pid: number): Cpu {
  return { main: secondsIn(`/proc/${pid}/task/${pid}/stat`), all: secondsIn(`/proc/${pid}/stat`) }
}
