import { parseInstant } from './instant.ts'
import type { Fault } from './outcome.ts'

/** Form decoding turns a raw plus into a space; a number or an offset never holds a space. */
const withPlus = (value: string) => value.replace(' ', '+')

/** Reads a query string one parameter at a time, and notes what is wrong with it. */
export class Parameters {
  /** One for each parameter that breaks its rule. */
  readonly faults: Fault[] = []
  readonly #values: URLSearchParams

  constructor(values: URLSearchParams) {
    this.#values = values
  }

  /** The last value of a repeated parameter; undefined when absent. */
  text(name: string): string | undefined {
    return this.#values.getAll(name).at(-1)
  }

  /** A filter: like text, but an empty one is no filter. */
  filter(name: string): string | undefined {
    return this.text(name) || undefined
  }

  /** Plain decimal digits within bounds. */
  integer(name: string, fallback: bigint, min: bigint, max?: bigint): bigint {
    const text = this.text(name)
    if (text === undefined) return fallback
    const value = /^[0-9]+$/.test(text) ? BigInt(text) : undefined
    if (value !== undefined && value >= min && (max === undefined || value <= max)) return value
    const range = max === undefined ? `of ${min} or more` : `from ${min} to ${max}`
    this.fault('integer_invalid', name, `must be a plain decimal integer ${range}`)
    return fallback
  }

  /** An instant in UTC or with a numeric offset. */
  instant(name: string): bigint | undefined {
    const text = this.filter(name)
    if (text === undefined) return undefined
    const value = parseInstant(withPlus(text))
    if (value === undefined) {
      const msg = 'must be YYYY-MM-DDTHH:MM:SS[.ffffff] with Z or an offset such as +05:30'
      this.fault('datetime_invalid', name, msg)
    }
    return value
  }

  /** A phone number; its plus may have been sent raw and so decoded to a space. */
  number(name: string): string | undefined {
    const text = this.filter(name)
    return text?.startsWith(' ') ? withPlus(text) : text
  }

  /** One of a few words; undefined when absent or empty. */
  choice(name: string, words: readonly string[]): string | undefined {
    const text = this.filter(name)
    if (text === undefined || words.includes(text)) return text
    this.fault('enum_invalid', name, `must be one of ${words.join(', ')}`)
    return undefined
  }

  /** An object with this one key, or without it where the value is undefined. */
  present<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
    return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V })
  }

  /** Notes that a parameter breaks its rule. */
  fault(type: string, name: string, msg: string): void {
    this.faults.push({ type, loc: ['query', name], msg })
  }
}
