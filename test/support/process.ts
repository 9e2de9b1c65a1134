import { join } from 'node:path'
import { inTime, until } from './deadline.ts'
import { SECRET } from './signer.ts'

const ROOT = join(import.meta.dir, '../..')
const COMMAND = [process.execPath, join(ROOT, 'src/main.ts'), 'serve'] as const

/** One service as a real process; `await using` kills what a failed test left running. */
export interface TestProcess extends AsyncDisposable {
  /** The operating system's number of the process. */
  readonly pid: number
  /** Address of the service, without a slash at its end, once it listens. */
  readonly url: () => Promise<string>
  /** Sends a signal. */
  readonly signal: (name: 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'SIGKILL') => void
  /** Exit code: 128 and the signal's number for a process that a signal ended. */
  readonly exited: () => Promise<number>
  /** Resolves once a log line has this `msg`. */
  readonly logged: (msg: string) => Promise<void>
  /** What has come on standard output and on standard error so far. */
  readonly stdout: () => string
  readonly stderr: () => string
}

/** Collects a stream's text as it comes; `ended` resolves when all of it has. */
function collect(stream: ReadableStream<Uint8Array>) {
  let text = ''
  const decoder = new TextDecoder()
  const read = async () => {
    for await (const chunk of stream) text += decoder.decode(chunk, { stream: true })
  }
  return { text: () => text, ended: read() }
}

/** The value of a log line's field, in the first line that has this `msg`. */
function fieldOf(text: string, msg: string, field: string): unknown {
  const lines = text.split('\n').slice(0, -1)
  const line = lines.find((each) => each.includes(`"msg":"${msg}"`))
  return line === undefined ? undefined : JSON.parse(line)[field]
}

/**
 * Starts `ackbox serve` on a free port of 127.0.0.1 with these variables and no others; one that
 * is undefined is left out. `shell`, a script, runs in its place and finds the command in "$@".
 */
export function startProcess(
  variables: Readonly<Record<string, string | undefined>>,
  shell?: string,
): TestProcess {
  const env = { WEBHOOK_SECRET: SECRET, HOST: '127.0.0.1', PORT: '0', ...variables }
  const cmd = shell === undefined ? [...COMMAND] : ['sh', '-c', shell, 'sh', ...COMMAND]
  const path = process.env.PATH
  const child = Bun.spawn({ cmd, env: { PATH: path, ...env }, stdout: 'pipe', stderr: 'pipe' })
  const stdout = collect(child.stdout)
  const stderr = collect(child.stderr)
  const logged = (msg: string, field: string) =>
    until(`"${msg}" in the log; stderr: ${stderr.text()}`, () => {
      const value = fieldOf(stdout.text(), msg, field)
      if (value === undefined && child.exitCode !== null) {
        throw new Error(`ended with ${child.exitCode} before "${msg}": ${stderr.text()}`)
      }
      return value
    })
  return {
    pid: child.pid,
    url: async () => String(await logged('listening', 'url')).replace(/\/$/, ''),
    signal: (name) => child.kill(name),
    exited: async () => {
      const [code] = await inTime(
        'the process to end',
        Promise.all([child.exited, stdout.ended, stderr.ended]),
      )
      return code
    },
    logged: async (msg) => void (await logged(msg, 'msg')),
    stdout: stdout.text,
    stderr: stderr.text,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL')
      await child.exited
    },
  }
}
