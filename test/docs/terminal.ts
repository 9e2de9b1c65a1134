import { inTime } from '../support/deadline.ts'
import type { Folder } from '../support/folder.ts'

/** What a finished script left. */
interface Finished {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/**
 * A script that stays: a service, as somebody started it in a terminal. `await using` interrupts
 * it at the block's end, if nobody has.
 */
interface Running extends AsyncDisposable {
  /** Resolves to the address in its line `listening`; throws when it ends without one. */
  readonly listening: () => Promise<string>
  /** Ctrl-C: a terminal sends SIGINT to all that it runs. Resolves when all of it has ended. */
  readonly interrupt: () => Promise<Finished>
}

/** Environment variables beside those that every script here has. */
type Variables = Readonly<Record<string, string>>

const PROGRAMS = ['make', 'npx', 'curl', 'openssl']

function requirePrograms(script: string): void {
  for (const name of PROGRAMS) {
    const isUsed = new RegExp(`(^|[\\s(|])${name}\\s`, 'm').test(script)
    if (isUsed && Bun.which(name) === null) {
      throw new Error(`this sample needs the program ${name}: install it, then try again`)
    }
  }
}

/**
 * Starts a script in a process group of its own. Of our environment it has only what finds
 * programs: a make above us, a proxy or a secret of this machine must not change what it does.
 */
function open(script: string, folder: Folder, variables: Variables) {
  requirePrograms(script)
  const { PATH = '', HOME = '' } = process.env
  return Bun.spawn(['sh', '-euc', script], {
    cwd: folder.path,
    env: { PATH, HOME, CURL_HOME: folder.path, ...variables },
    detached: true,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  })
}

/** Runs a shell script to its end in a folder, whatever its exit code. */
export async function run(
  script: string,
  folder: Folder,
  variables: Variables = {},
): Promise<Finished> {
  const child = open(script, folder, variables)
  const [code, stdout, stderr] = await Promise.all([
    child.exited,
    child.stdout.text(),
    child.stderr.text(),
  ])
  return { code, stdout, stderr }
}

/** Starts a shell script that serves until it is interrupted. */
export function start(script: string, folder: Folder, variables: Variables): Running {
  const child = open(script, folder, variables)
  const listening = Promise.withResolvers<string>()
  // Nobody need wait for the address for its absence to be told.
  listening.promise.catch(() => undefined)
  const stderr = child.stderr.text()
  const read = async () => {
    const decoder = new TextDecoder()
    let text = ''
    for await (const chunk of child.stdout) {
      text += decoder.decode(chunk, { stream: true })
      const url = /"msg":"listening","url":"([^"]+)\/"/.exec(text)?.[1]
      if (url !== undefined) listening.resolve(url)
    }
    listening.reject(new Error(`the service ended: ${await stderr}`))
    return text
  }
  const stdout = read()
  // The streams end only when every process that holds them has ended, the service too.
  const ended = async () => ({
    code: await child.exited,
    stdout: await stdout,
    stderr: await stderr,
  })
  const interrupt = async () => {
    if (child.exitCode === null) process.kill(-child.pid, 'SIGINT')
    try {
      return await inTime('the service stops', ended())
    } catch (error) {
      process.kill(-child.pid, 'SIGKILL')
      throw error
    }
  }
  let interrupted: Promise<Finished> | undefined
  const interruptOnce = () => {
    interrupted ??= interrupt()
    return interrupted
  }
  return {
    listening: () => listening.promise,
    interrupt: interruptOnce,
    [Symbol.asyncDispose]: async () => void (await interruptOnce()),
  }
}
