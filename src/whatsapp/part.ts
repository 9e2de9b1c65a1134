import type { Place } from '../json_place.ts'
import { at } from './json.ts'

/** A part of a notification: its value, and where in the text that stands. */
export class Part {
  readonly value: unknown
  readonly #text: string
  readonly #place: Place

  constructor(text: string, value: unknown, place: Place) {
    this.value = value
    this.#text = text
    this.#place = place
  }

  /** The JSON text of it, just as it was sent. */
  get raw(): string {
    return this.#text.slice(this.#place.start, this.#place.end)
  }

  /** The member of an object; undefined where there is none. */
  member(name: string): Part | undefined {
    const place = this.#place.members?.get(name)
    return place && new Part(this.#text, at(this.value, name), place)
  }

  /** The elements of the list that is a member; undefined where that is no list. */
  list(name: string): readonly Part[] | undefined {
    const list = at(this.value, name)
    const elements = this.#place.members?.get(name)?.elements
    if (!Array.isArray(list)) return undefined
    return elements?.map((place, index) => new Part(this.#text, list[index], place))
  }

  /** Whether a member is a list. */
  isList(name: string): boolean {
    return Array.isArray(at(this.value, name))
  }

  /** The names of an object's members. */
  names(): readonly string[] {
    return [...(this.#place.members?.keys() ?? [])]
  }

  /** The text of an object of some of the members, each just as it was sent. */
  rawOf(names: readonly string[]): string {
    const members = names.map((name) => `${JSON.stringify(name)}:${this.member(name)?.raw}`)
    return `{${members.join(',')}}`
  }
}
