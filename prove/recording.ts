import { join } from 'node:path'
import { SECRET } from '../bench/contestants.ts'
import { startServer } from '../bench/server.ts'
import { until } from '../test/support/deadline.ts'
import type { Context } from './attack.ts'
import type { Book } from './book.ts'
import { openMint } from './mint.ts'
import { requireProgram } from './program.ts'
import { runSenders } from './senders.ts'

const CALLS =
  'pwrite64,pwritev,pwritev2,write,writev,sendto,sendmsg,fsync,fdatasync,sync_file_range,' +
  'ftruncate,fallocate,unlink,unlinkat,rename,renameat,renameat2,openat'

/** Bytes of a buffer that strace writes out: more than any write has. */
const STRING_BYTES = 1 << 20

/** strace(1), beside the process that it traces, so that signals reach the process itself. */
const traced = (trace: string) => [
  ...['strace', '-D', '-f', '-y', '-xx', '--seccomp-bpf', '-s', String(STRING_BYTES)],
  ...['-e', `trace=${CALLS}`, '-e', 'signal=none', '-o', trace],
]

/** One life of a process under load, from its start to its orderly end. */
export interface Recording {
  /** Path of what strace wrote; see readTrace. */
  readonly trace: string
}

/**
 * Starts ackbox under strace, sends until the book has so many more acknowledged messages, and
 * stops it in order. Throws where strace is missing or may not trace.
 */
export async function record(
  context: Context,
  life: { readonly database: string; readonly book: Book; readonly messages: number },
): Promise<Recording> {
  requireProgram('strace')
  const { database, book, messages } = life
  const trace = join(context.folder, 'trace')
  const { command, environment } = context.program(database)
  const options = { command: [...traced(trace), ...command], environment }
  using server = await startServer(options)
  const enough = book.acknowledged + messages
  const seen = await runSenders({
    ...{ port: server.port, book, mint: openMint(SECRET), chance: context.chance, retries: [] },
    goesOn: () => book.acknowledged < enough,
  })
  if (book.acknowledged < enough) {
    throw new Error(`the senders were cut off after these answers: ${JSON.stringify(seen)}`)
  }
  await server.stop()
  const end = new RegExp(`^${server.pid} +\\+\\+\\+ exited with 0`, 'm')
  await until('the end of the trace', async () => {
    const file = Bun.file(trace)
    return end.test(await file.slice(Math.max(0, file.size - 2000)).text())
  })
  return { trace }
}
