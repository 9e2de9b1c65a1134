import { stat } from 'node:fs/promises'
import type { Io } from './io.ts'
import { type Line, readLines } from './lines.ts'

/** What there is to send: lines from one reader, and the bytes of all of them where known. */
export type Outbox = { lines: AsyncGenerator<Line>; bytesTotal?: number; isSingle: boolean }

type MessageOptions = {
  id: string | undefined
  from: string
  to: string
  ts: string | undefined
  text: string | undefined
}

type OutboxArguments = {
  options: MessageOptions & { file: string | undefined }
  given: ReadonlySet<string>
}

const MESSAGE_OPTIONS = ['id', 'from', 'to', 'ts', 'text']

/**
 * Opens the file, standard input for `-`, or makes one message out of the options. Returns
 * `{ problem }` for a file that is not there, and for a file together with message options.
 */
export async function openOutbox(
  { options, given }: OutboxArguments,
  io: Io,
  stop: AbortSignal,
): Promise<Outbox | { problem: string }> {
  const { file } = options
  if (file === undefined) return { lines: single(compose(options, io)), isSingle: true }
  const extra = MESSAGE_OPTIONS.find((name) => given.has(name))
  if (extra !== undefined) return { problem: `--${extra} is for one message, not with --file` }
  if (file === '-') return { lines: readLines(io.stdin(), stop), isSingle: false }
  return await openFile(file, stop)
}

async function openFile(path: string, stop: AbortSignal): Promise<Outbox | { problem: string }> {
  try {
    const about = await stat(path)
    if (about.isDirectory()) return { problem: `--file ${path} is a directory` }
    const lines = readLines(Bun.file(path).stream(), stop)
    // A pipe such as `--file <(zcat ...)` has no size worth the name.
    return { lines, isSingle: false, ...(about.isFile() ? { bytesTotal: about.size } : {}) }
  } catch (error) {
    return { problem: `cannot read --file: ${error instanceof Error ? error.message : error}` }
  }
}

function compose(options: MessageOptions, io: Io): Uint8Array {
  const message = {
    message_id: options.id ?? io.uuid(),
    from: options.from,
    to: options.to,
    ts: options.ts ?? new Date(io.now()).toISOString(),
    text: options.text,
  }
  return new TextEncoder().encode(JSON.stringify(message))
}

async function* single(bytes: Uint8Array): AsyncGenerator<Line> {
  yield { bytes, end: bytes.length }
}
