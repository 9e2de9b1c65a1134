import { bytesOfSecret } from '../secret.ts'

/** A body or key that may have been signed in place of the right one, and why that is wrong. */
export interface Variant {
  readonly bytes: Uint8Array
  /** Undefined for the right one. */
  readonly fault: string | undefined
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

/** As Python's json.dumps writes it: a blank behind each comma and colon. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).map(
    ([key, each]) => `${JSON.stringify(key)}: ${spaced(each)}`,
  )
  return `{${members.join(', ')}}`
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]))
}

/** Everything outside of ASCII as \u escapes, as many libraries write JSON. */
const escaped = (json: string) =>
  json.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** The same JSON as other libraries would write it. */
function serialisations(text: string): string[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return []
  }
  const forms = [value, sorted(value)].flatMap((each) => [
    ...[JSON.stringify(each), spaced(each)],
    ...[JSON.stringify(each, null, 2), JSON.stringify(each, null, 4)],
  ])
  const ends = forms.flatMap((form) => [form, `${form}\n`])
  return [...ends, ...ends.map(escaped), ...ends.map((form) => form.replaceAll('/', '\\/'))]
}

function decode(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    return undefined
  }
}

/** What else may have been signed where the body is text: the right one comes first. */
export function bodyVariants(body: Uint8Array): Variant[] {
  const right = { bytes: body, fault: undefined }
  const empty = { bytes: new Uint8Array(), fault: 'an empty body was signed' }
  const text = decode(body)
  const latin1 = {
    bytes: bytesOf(Buffer.from(body).toString('latin1')),
    fault: 'the body was sent in Latin-1, and signed in UTF-8',
  }
  if (text === undefined) return [right, latin1, empty]
  const of = (fault: string, ...texts: string[]) =>
    texts.map((each) => ({ bytes: bytesOf(each), fault }))
  return [
    right,
    ...of('the body sent has a trailing newline that was not signed', text.replace(/\r?\n$/, '')),
    ...of(
      'the body was signed with a trailing newline that was not sent',
      `${text}\n`,
      `${text}\r\n`,
    ),
    ...of(
      'line ends were changed on the way',
      text.replaceAll('\r\n', '\n'),
      text.replace(/\r?\n/g, '\r\n'),
    ),
    ...of(
      'the body was re-serialised: other JSON was signed than was sent',
      ...serialisations(text),
    ),
    ...of('a byte order mark was signed or sent', `\ufeff${text}`, text.replace(/^\ufeff/, '')),
    {
      bytes: Buffer.from(text, 'latin1'),
      fault: 'the body was signed in Latin-1, and sent in UTF-8',
    },
    { bytes: Buffer.from(text, 'utf16le'), fault: 'the body was signed in UTF-16' },
    latin1,
    empty,
  ]
}

/** What else may have been the key, for a secret of this name: the right one comes first. */
export function keyVariants(secret: string, right: Uint8Array): Variant[] {
  const of = (fault: string, bytes: Uint8Array | undefined) =>
    bytes === undefined || bytes.length === 0 ? [] : [{ bytes, fault }]
  const text = bytesOf(secret)
  const isHex = /^([0-9a-f]{2})+$/i.test(secret)
  return [
    { bytes: right, fault: undefined },
    ...of('the key was the text of the secret, not its bytes in base64', text),
    ...of('the key was what stands behind whsec_ as bytes, not the text', bytesOfSecret(secret)),
    ...of('the secret was signed with blanks or a newline around it', bytesOf(`${secret}\n`)),
    ...of('the secret has blanks around it that were not signed with', bytesOf(secret.trim())),
    ...of(
      'the secret was read as hex, and is text',
      isHex ? Buffer.from(secret, 'hex') : undefined,
    ),
    ...of('the secret was read as base64, and is text', Buffer.from(secret, 'base64')),
  ]
}
