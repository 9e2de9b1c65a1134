/** What an answer may hold before the rest of it is dropped: ours are under 4 KiB. */
const ANSWER_BYTES_MAX = 65_536

/** What of a server's words is shown; longer ones are cut. */
const DETAIL_CHARACTERS_MAX = 120

/**
 * Reads an answer's body as JSON, so that the connection can be used again. Returns undefined
 * when it is longer than ANSWER_BYTES_MAX or is not JSON. Throws what the connection throws.
 */
export async function readAnswer(response: Response): Promise<unknown> {
  if (response.body === null) return undefined
  const decoder = new TextDecoder()
  let text = ''
  let length = 0
  for await (const chunk of response.body) {
    length += chunk.byteLength
    if (length > ANSWER_BYTES_MAX) return undefined
    text += decoder.decode(chunk, { stream: true })
  }
  try {
    return JSON.parse(text + decoder.decode())
  } catch {
    return undefined
  }
}

/**
 * The words of an answer that is not a 200, for one line: its `detail` or `reason`, or of a list
 * of faults the first one's type and field. Empty when it says nothing. Control characters are
 * blanked, since a terminal would obey them.
 */
export function explainAnswer(answer: unknown): string {
  const detail = property(answer, 'detail') ?? property(answer, 'reason')
  const first = Array.isArray(detail) ? explainFault(detail[0]) : detail
  if (typeof first !== 'string') return ''
  return first.replace(/\p{C}/gu, ' ').slice(0, DETAIL_CHARACTERS_MAX)
}

function explainFault(fault: unknown): string {
  const loc = property(fault, 'loc')
  const place = Array.isArray(loc) ? loc.join('.') : ''
  return [property(fault, 'type'), place === '' ? undefined : `at ${place}`]
    .filter((part) => typeof part === 'string')
    .join(' ')
}

/** One member of a JSON object; undefined for anything else. */
export function property(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.getOwnPropertyDescriptor(value, name)?.value
}
