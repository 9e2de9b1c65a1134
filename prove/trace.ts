import { createReadStream } from 'node:fs'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'

/**
 * What a process did to the files of its database and to its senders, in the order in which it
 * happened. `file` is what stands behind the database's path: '' for itself, '-wal', and so on.
 */
export type Event =
  | { readonly kind: 'create' | 'remove'; readonly file: string }
  | {
      readonly kind: 'write'
      readonly file: string
      readonly offset: number
      readonly data: Buffer
    }
  | { readonly kind: 'truncate'; readonly file: string; readonly size: number }
  /** A sync begins, or has ended well; `file` is undefined for that of the folder. */
  | { readonly kind: 'sync'; readonly file: string | undefined; readonly thread: string }
  | { readonly kind: 'synced'; readonly file: string | undefined; readonly thread: string }
  /** Bytes leave for a sender. */
  | { readonly kind: 'answer'; readonly text: string }

/** One line of strace: a call that begins, that ends, or both at once. */
interface Call {
  readonly thread: string
  readonly name: string
  /** What stands in the brackets; undefined for the end of a call that began before. */
  readonly args: string | undefined
  /** What it returned; undefined while it is under way. */
  readonly result: string | undefined
}

const LINE = /^(\d+) +(?:<\.\.\. (\w+) resumed>|(\w+)\()/

function parseLine(line: string): Call | undefined {
  const head = LINE.exec(line)
  if (head === null) return undefined
  const [start, thread = '', resumed, begun] = head
  const result = /\) += (-?\d+)[^"]*$/.exec(line.slice(-300))?.[1]
  const args = begun === undefined ? undefined : line.slice(start.length)
  return { thread, name: resumed ?? begun ?? '', args, result }
}

const decode = (hex: string) => Buffer.from(hex.replaceAll('\\x', ''), 'hex')

/** The path behind the descriptor that the arguments begin with: `7<\x2f...>`. */
function pathOf(args: string): string {
  const end = args.indexOf('>')
  return decode(args.slice(args.indexOf('<') + 1, end)).toString()
}

/** What stands between the first two quotes, and the text behind it. */
function quoted(args: string): { data: Buffer; rest: string } {
  const start = args.indexOf('"')
  const end = args.indexOf('"', start + 1)
  return { data: decode(args.slice(start + 1, end)), rest: args.slice(end + 1) }
}

const numberIn = (text: string, pattern: RegExp) => Number(pattern.exec(text)?.[1] ?? Number.NaN)

/** Calls that change a file in a way that is not followed here; none may touch the database. */
const BLIND = /^(pwritev2?|writev|fallocate|sync_file_range|rename(at2?)?)$/

/** The suffix of a path that belongs to the database. Shared memory is none: it is never synced. */
function suffixOf(path: string, database: string): string | undefined {
  if (!path.startsWith(database) || path.endsWith('-shm')) return undefined
  return path.slice(database.length)
}

/** What a call means when it begins. */
function begun({ name, args = '', thread }: Call, database: string): Event | undefined {
  if (name === 'unlink' || name === 'unlinkat' || name.startsWith('open')) return undefined
  const path = pathOf(args)
  if (/^(TCP|socket)/.test(path)) {
    return /^(write|sendto)$/.test(name)
      ? { kind: 'answer', text: quoted(args).data.toString('latin1') }
      : undefined
  }
  const file = suffixOf(path, database)
  if (/^f(data)?sync$/.test(name)) {
    if (file === undefined && path !== dirname(database)) return undefined
    return { kind: 'sync', file, thread }
  }
  if (file === undefined) return undefined
  if (name === 'ftruncate') return { kind: 'truncate', file, size: numberIn(args, />, (\d+)/) }
  if (name === 'pwrite64') {
    const { data, rest } = quoted(args)
    return { kind: 'write', file, offset: numberIn(rest, /^, \d+, (\d+)/), data }
  }
  if (name === 'write' || BLIND.test(name)) throw new Error(`the trace has ${name} on a database`)
  return undefined
}

/** What a call means once it has ended; `args` are those that it began with. */
function ended({ name, result, thread }: Call, args: string, database: string): Event | undefined {
  if (Number(result) < 0) return undefined
  if (/^f(data)?sync$/.test(name)) {
    const path = pathOf(args)
    const file = suffixOf(path, database)
    if (file === undefined && path !== dirname(database)) return undefined
    return { kind: 'synced', file, thread }
  }
  if (name !== 'unlink' && !(name === 'openat' && args.includes('O_CREAT'))) return undefined
  const file = suffixOf(quoted(args).data.toString(), database)
  if (file === undefined) return undefined
  return { kind: name === 'unlink' ? 'remove' : 'create', file }
}

/** Reads the trace of a database at this path. Throws on a call that it cannot follow. */
export async function* readTrace(path: string, database: string): AsyncGenerator<Event> {
  const under = new Map<string, string>()
  const lines = createInterface({ input: createReadStream(path, 'latin1') })
  for await (const line of lines) {
    const call = parseLine(line)
    if (call === undefined) continue
    if (call.args !== undefined) {
      under.set(call.thread, call.args)
      const event = begun(call, database)
      if (event !== undefined) yield event
    }
    if (call.result === undefined) continue
    const event = ended(call, under.get(call.thread) ?? '', database)
    if (event !== undefined) yield event
  }
}
