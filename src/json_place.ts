/** Where a value stands in a JSON text: from its first character to just behind its last. */
export interface Place {
  readonly start: number
  readonly end: number
  /** Of an object that was looked into: the place of each member; the last one of a name. */
  readonly members?: ReadonlyMap<string, Place>
  /** Of a list that was looked into: the place of each element. */
  readonly elements?: readonly Place[]
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/** The bit in which braces differ from brackets. */
const BRACE = OPEN_LIST ^ OPEN_OBJECT

/** Only for a text that JSON.parse would not have taken: a walk over it never goes on for ever. */
const NO_JSON = 'the text is no JSON'

const isSpace = (code: number) => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09

function isEscaped(text: string, quote: number): boolean {
  let at = quote - 1
  while (text.charCodeAt(at) === BACKSLASH) at -= 1
  return (quote - at) % 2 === 0
}

/** Behind the text that begins with the quote at `start`. */
function behindText(text: string, start: number): number {
  let quote = text.indexOf('"', start + 1)
  while (quote > 0 && isEscaped(text, quote)) quote = text.indexOf('"', quote + 1)
  if (quote < 0) throw new SyntaxError(NO_JSON)
  return quote + 1
}

/** Behind the object or list that begins at `start`, however deeply it is nested. */
function behindNest(text: string, start: number): number {
  let depth = 0
  let at = start
  while (at < text.length) {
    const code = text.charCodeAt(at)
    at = code === QUOTE ? behindText(text, at) : at + 1
    if ((code | BRACE) === OPEN_OBJECT) depth += 1
    else if ((code | BRACE) === CLOSE_OBJECT) depth -= 1
    if (depth === 0) break
  }
  return at
}

/** Behind the number or word that begins at `start`. */
function behindWord(text: string, start: number): number {
  let at = start
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (isSpace(code) || code === COMMA || (code | BRACE) === CLOSE_OBJECT) break
    at += 1
  }
  return at
}

/** Walks a JSON text once, from its beginning to its end. */
class Walk {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  /** Takes the value that comes next, and looks into it so many levels deep. */
  value(depth: number): Place {
    const start = this.#skipSpace()
    const code = this.#text.charCodeAt(start)
    if (code === OPEN_OBJECT && depth > 0) {
      const members = this.#members(depth - 1)
      return { start, members, end: this.#at }
    }
    if (code === OPEN_LIST && depth > 0) {
      const elements = this.#elements(depth - 1)
      return { start, elements, end: this.#at }
    }
    if (code === QUOTE) this.#at = behindText(this.#text, start)
    else if ((code | BRACE) === OPEN_OBJECT) this.#at = behindNest(this.#text, start)
    else this.#at = behindWord(this.#text, start)
    return { start, end: this.#at }
  }

  #members(depth: number): Map<string, Place> {
    const members = new Map<string, Place>()
    while (this.#goOn(CLOSE_OBJECT)) {
      const { start, end } = this.value(0)
      const name = this.#text.slice(start, end)
      this.#skipSpace()
      this.#at += 1
      members.set(name.includes('\\') ? JSON.parse(name) : name.slice(1, -1), this.value(depth))
    }
    return members
  }

  #elements(depth: number): Place[] {
    const elements: Place[] = []
    while (this.#goOn(CLOSE_LIST)) elements.push(this.value(depth))
    return elements
  }

  /** Passes over the opening sign or a comma; whether something follows before the closing one. */
  #goOn(close: number): boolean {
    this.#skipSpace()
    const isEnd = this.#text.charCodeAt(this.#at) === close
    this.#at += 1
    if (isEnd) return false
    const next = this.#text.charCodeAt(this.#skipSpace())
    if (Number.isNaN(next)) throw new SyntaxError(NO_JSON)
    if (next !== close) return true
    this.#at += 1
    return false
  }

  #skipSpace(): number {
    while (isSpace(this.#text.charCodeAt(this.#at))) this.#at += 1
    return this.#at
  }
}

/**
 * Finds where the value of a JSON text stands, and what is in it so many levels deep. The text
 * must be one that JSON.parse takes; like that, of members with one name the last one counts.
 * For any other it says something or throws SyntaxError.
 */
export function locate(text: string, depth: number): Place {
  return new Walk(text).value(depth)
}

/** The text of an object's member, just as it stands there; undefined where there is none. */
export function memberText(object: string, name: string): string | undefined {
  const place = locate(object, 1).members?.get(name)
  return place && object.slice(place.start, place.end)
}
