import type { ServerOptions } from '../bench/server.ts'

/** The command of `ackbox serve` with another in the place of `serve`. */
export function upkeepOf({ command, environment }: ServerOptions, name: string) {
  return { command: [...command.slice(0, -1), name], environment }
}

/**
 * Runs `ackbox verify-store` on a database that nobody serves: what differs, a sentence each. Its
 * recount shares no code with what the service counts by.
 */
export async function verifyStore(program: ServerOptions): Promise<string[]> {
  const { command, environment } = upkeepOf(program, 'verify-store')
  const child = Bun.spawn([...command], {
    env: { PATH: process.env.PATH, ...environment },
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [output, complaint] = await Promise.all([child.stdout.text(), child.stderr.text()])
  if ((await child.exited) === 0) return []
  const lines = output.split('\n').filter((line) => line !== '' && !/\bok\b/.test(line))
  return [`verify-store finds differences: ${[...lines, complaint].join(' ').trim()}`]
}
