/** A JSON object whose members nothing is known of. */
export type Json = Readonly<Record<string, unknown>>

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value at the end of a path through objects; undefined where the path ends before. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here = value
  for (const name of path) here = memberOf(here, name)
  return here
}

function memberOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
}

/** The text at the end of a path, half surrogate pairs replaced; undefined where it is none. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const text = at(value, ...path)
  return typeof text === 'string' && text !== '' ? text.toWellFormed() : undefined
}

/** The list at the end of a path; empty where there is none. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const list = at(value, ...path)
  return Array.isArray(list) ? list : []
}
