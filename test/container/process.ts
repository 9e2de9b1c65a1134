/** What a finished program left: its exit code and what it said. */
export type Finished = { code: number; stdout: string; stderr: string }

/** A program's surroundings; `show` lets it talk to our own stderr while it works. */
export type Surroundings = { cwd?: string; env?: Record<string, string>; show?: boolean }

/** Runs a program to its end. Never throws for its exit code; a program that is missing is 127. */
export async function finish(argv: string[], around: Surroundings = {}): Promise<Finished> {
  const program = Bun.which(argv[0] ?? '')
  if (program === null) return { code: 127, stdout: '', stderr: `${argv[0]}: not found` }
  const child = Bun.spawn([program, ...argv.slice(1)], {
    cwd: around.cwd ?? process.cwd(),
    env: { ...process.env, ...around.env },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: around.show === true ? 'inherit' : 'pipe',
  })
  const [code, stdout, stderr] = await Promise.all([
    child.exited,
    new Response(child.stdout).text(),
    child.stderr === undefined ? '' : new Response(child.stderr).text(),
  ])
  return { code, stdout, stderr }
}

/** Like finish, but any exit code other than 0 throws, with the end of what the program said. */
export async function succeed(argv: string[], around: Surroundings = {}): Promise<string> {
  const { code, stdout, stderr } = await finish(argv, around)
  if (code === 0) return stdout
  const said = `${stdout}\n${stderr}`.trim().split('\n').slice(-15).join('\n')
  throw new Error(`${argv.join(' ')} ended with ${code}\n${said}`)
}
