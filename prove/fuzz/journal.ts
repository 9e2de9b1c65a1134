import { SECRET } from '../../bench/contestants.ts'
import { markersIn } from './marker.ts'

/** Fields of every line about a request. */
const FIELDS = ['ts', 'level', 'request_id', 'method', 'path', 'status', 'latency_ms']

/** Most problems that are kept: the first ones tell enough. */
const PROBLEMS_MAX = 20

/** Characters that are kept of a line which does not end. */
const LINE_CHARACTERS_MAX = 1_048_576

/** Reads the log as it comes, holds each line to the contract, and pairs it with its answer. */
export class Journal {
  readonly problems: string[] = []
  /** By request id: answers less lines. Whatever is even is forgotten. */
  readonly #open = new Map<string, number>()
  #rest = ''

  /** Takes what came on standard output. */
  take(text: string): void {
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) this.#read(line)
    if (this.#rest.length > LINE_CHARACTERS_MAX) this.#complain('a line that does not end', '')
  }

  /** Notes an answer with this id: there must be a line for it. */
  answered(id: string): void {
    this.#count(id, 1)
  }

  /** Ids of answers that have no line yet. */
  missing(): string[] {
    return [...this.#open].filter(([, count]) => count > 0).map(([id]) => id)
  }

  /** Numbers of the requests that have a line too many: their answer nobody has seen. */
  unseen(): number[] {
    const ids = [...this.#open].filter(([, count]) => count < 0).map(([id]) => id)
    return ids.flatMap(markersIn).map(({ number }) => number)
  }

  #count(id: string, by: number): void {
    const count = (this.#open.get(id) ?? 0) + by
    if (count === 0) this.#open.delete(id)
    else this.#open.set(id, count)
  }

  #complain(what: string, line: string): void {
    if (this.problems.length < PROBLEMS_MAX) this.problems.push(`in the log: ${what}: ${line}`)
  }

  #read(line: string): void {
    const value = parse(line)
    if (value === undefined) this.#complain('a line that is no JSON object', line)
    else this.#judge(line, value)
  }

  #judge(line: string, value: Record<string, unknown>): void {
    if (typeof value.ts !== 'string' || typeof value.level !== 'string') {
      this.#complain('a line without ts and level', line)
    }
    if (hasLeak(line, value)) this.#complain('what may not be there', line)
    if ('stack' in Object(value.error)) this.#complain('a stack trace', line)
    if (value.request_id === undefined) return
    if (String(value.path).includes('?')) this.#complain('a query', line)
    const status = Number(value.status)
    if (status >= 500 && status !== 503) this.#complain(`a request that ended with ${status}`, line)
    this.#count(String(value.request_id), -1)
    const absent = FIELDS.filter((name) => value[name] === undefined)
    if (absent.length > 0) this.#complain(`a request without ${absent.join(', ')}`, line)
  }
}

/** Ids and paths are logged as they are; what else a request brings never is, nor the secret. */
function hasLeak(line: string, value: Record<string, unknown>): boolean {
  if (line.includes(SECRET)) return true
  if (markersIn(line).length === 0) return false
  const rest = JSON.stringify({ ...value, path: '' })
  return markersIn(rest).some(({ place }) => /stored|header|refused/.test(place))
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}
