const ref = (kind: 'schemas' | 'headers', name: string) => ({
  $ref: `#/components/${kind}/${name}`,
})

/** A reference to a schema of the document's components. */
export const schemaOf = (name: string) => ref('schemas', name)

/** Headers that an answer carries beside X-Request-ID, by their names. */
type HeaderNames = readonly string[]

const headersOf = (names: HeaderNames) =>
  Object.fromEntries(['X-Request-ID', ...names].map((name) => [name, ref('headers', name)]))

/** An answer in JSON whose body has this schema, with an example of it. */
export function json(
  description: string,
  schema: string,
  example: unknown,
  headers: HeaderNames = [],
) {
  const content = { 'application/json': { schema: schemaOf(schema), example } }
  return { description, headers: headersOf(headers), content }
}

/** An answer of another type, as text. */
export function text(description: string, types: readonly string[]) {
  const content = types.map((type) => [type, { schema: { type: 'string' } }] as const)
  return { description, headers: headersOf([]), content: Object.fromEntries(content) }
}

/** An error with a sentence as its detail. */
export const refusal = (description: string, detail: string, headers: HeaderNames = []) =>
  json(description, 'Error', { detail }, headers)

/** An error with a list of faults as its detail. */
export const faults = (description: string, type: string, loc: readonly string[], msg: string) =>
  json(description, 'Faults', { detail: [{ type, loc, msg }] })

/** Errors that any route may answer with. */
export const DEFECT = {
  500: refusal('A defect; the log line has the error.', 'Internal Server Error'),
}

/** Errors of every route that reads the store. */
export const READ_ERRORS = {
  ...DEFECT,
  401: refusal(
    'API_TOKEN is set, and the request does not show it.',
    'wanted is the header Authorization: Bearer with the API_TOKEN',
    ['WWW-Authenticate'],
  ),
  503: refusal('The store cannot serve now.', 'database not ready', ['Retry-After']),
}
