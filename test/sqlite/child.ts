import { join } from 'node:path'
import { inTime } from '../support/deadline.ts'

/** The full path of a file of the project, for the programs that children run. */
export const source = (path: string) => join(import.meta.dir, '../..', path)

/** A program under way in a process of its own. */
interface Child {
  /** The next number that it says. */
  readonly next: () => Promise<number>
  /** Lets it go on by one step. */
  readonly step: () => void
}

/** Runs a program while `work` does, and kills it then, whatever it is at. */
export async function whileRunning(program: string, work: (child: Child) => Promise<void>) {
  const command = [process.execPath, '-e', program]
  const child = Bun.spawn(command, { stdin: 'pipe', stdout: 'pipe', stderr: 'inherit' })
  const lines = readLines(child.stdout)
  const next = async () => {
    const { value, done } = await inTime('a line of the child', lines.next())
    if (done) throw new Error(`the child ended with ${await child.exited}`)
    return Number(value)
  }
  const step = () => {
    child.stdin.write('.')
    child.stdin.flush()
  }
  try {
    await work({ next, step })
  } finally {
    child.kill('SIGKILL')
    await child.exited
  }
}

async function* readLines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = ''
  const decoder = new TextDecoder()
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
}
