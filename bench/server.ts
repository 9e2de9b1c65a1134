import { freePort } from './port.ts'

/** Longest time that a server may take to answer its first request, in milliseconds. */
const START_MILLISECONDS = 30_000

/** Longest time that a server may take to stop, in milliseconds. */
const STOP_MILLISECONDS = 30_000

/** Time between two looks at a server that is not ready yet, in milliseconds, if none is given. */
const LOOK_MILLISECONDS = 1

/** What to start: a command and, beside HOST and PORT, its environment. */
export interface ServerOptions {
  readonly command: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** Takes its standard output as it comes. */
  readonly onOutput?: (text: string) => void
  /** Time between two looks at a server that is not ready yet; as short as can be without it. */
  readonly lookMilliseconds?: number
}

/** A server in a process of its own; `using` kills it where an error keeps it from `stop`. */
export interface Server extends Disposable {
  readonly url: string
  readonly port: number
  readonly pid: number
  /** From the start of the process to the first 200 of GET /health/ready, in milliseconds. */
  readonly readyMilliseconds: number
  /** Lines on its standard output so far; they are read as they come, like a log collector does. */
  readonly lines: () => number
  /** Stops it by SIGTERM. Resolves to milliseconds; throws when it fails or takes too long. */
  readonly stop: () => Promise<number>
  /** Sends a signal and does not wait. */
  readonly signal: (name: NodeJS.Signals) => void
  /** Resolves to the exit code: 128 and the signal's number for a process that a signal ended. */
  readonly exited: Promise<number>
}

async function readOutput(
  output: ReadableStream<Uint8Array>,
  onOutput: ServerOptions['onOutput'],
  onLines: (count: number) => void,
) {
  const decoder = new TextDecoder()
  for await (const chunk of output) {
    onOutput?.(decoder.decode(chunk, { stream: true }))
    let count = 0
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) count += 1
    onLines(count)
  }
}

const isReady = (url: string) =>
  fetch(`${url}/health/ready`).then(
    ({ status }) => status === 200,
    () => false,
  )

/** Resolves to the milliseconds since the start. */
async function untilReady(
  child: Bun.Subprocess,
  url: string,
  { startedAt, lookMilliseconds }: { startedAt: number; lookMilliseconds: number },
): Promise<number> {
  while (!(await isReady(url))) {
    if (child.exitCode !== null) throw new Error(`a server ended with code ${child.exitCode}`)
    if (performance.now() - startedAt > START_MILLISECONDS) throw new Error('a server is not ready')
    await Bun.sleep(lookMilliseconds)
  }
  return performance.now() - startedAt
}

async function stop(child: Bun.Subprocess): Promise<number> {
  const startedAt = performance.now()
  child.kill('SIGTERM')
  // A sleep in its place would keep our own process from ending.
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MILLISECONDS)
  const code = await child.exited
  clearTimeout(timer)
  if (code !== 0) throw new Error(`a server stopped with ${code} after SIGTERM`)
  return performance.now() - startedAt
}

/** Starts a server on a free port of this machine alone and waits until it is ready. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { command, environment, onOutput, lookMilliseconds = LOOK_MILLISECONDS } = options
  const port = freePort()
  const url = `http://127.0.0.1:${port}`
  const startedAt = performance.now()
  const child = Bun.spawn([...command], {
    env: { PATH: process.env.PATH, ...environment, HOST: '127.0.0.1', PORT: String(port) },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'inherit',
  })
  let lines = 0
  const read = readOutput(child.stdout, onOutput, (count) => {
    lines += count
  })
  const kill = () => child.kill('SIGKILL')
  const how = { startedAt, lookMilliseconds }
  const readyMilliseconds = await untilReady(child, url, how).catch((error) => {
    kill()
    throw error
  })
  return {
    ...{ url, port, pid: child.pid, readyMilliseconds },
    lines: () => lines,
    signal: (name) => child.kill(name),
    exited: child.exited,
    stop: async () => {
      const milliseconds = await stop(child)
      await read
      return milliseconds
    },
    [Symbol.dispose]: kill,
  }
}
