/** One way to read a signature's header as a digest, and what is wrong with how it is spelled. */
export interface Reading {
  readonly digest: Buffer
  readonly faults: readonly string[]
}

/** How a scheme wants its digest written. */
export interface Spelling {
  /** What must stand before the digest, `sha256=` say. */
  readonly prefix: string
  readonly encoding: 'hex' | 'base64'
}

const HEX = /^[0-9a-f]{64}$/i
const BASE64 = /^[A-Za-z0-9+/_-]{43}=?$/

/** What other schemes put before a digest. */
const PREFIXES = ['sha256=', 'v1,', 'v1=', 'sha256:', 'SHA256=', '0x']

function unquote(text: string, faults: string[]): string {
  const bare = text.trim().replace(/^(["'])(.*)\1$/, '$2')
  if (bare !== text) faults.push('quotes or blanks stand around it')
  return bare
}

function withoutPrefix(text: string, wanted: string, faults: string[]): string {
  if (wanted !== '' && text.startsWith(wanted)) return text.slice(wanted.length)
  const other = PREFIXES.find((prefix) => text.startsWith(prefix))
  if (wanted !== '') faults.push(`${wanted} is missing before it`)
  if (other === undefined) return text
  faults.push(`${other} stands before it, which does not belong there`)
  return text.slice(other.length)
}

/** Reads a digest in whatever spelling; undefined for what is no digest of 32 bytes. */
export function readDigest(header: string, { prefix, encoding }: Spelling): Reading | undefined {
  const faults: string[] = []
  const digits = withoutPrefix(unquote(header, faults), prefix, faults)
  if (HEX.test(digits)) {
    if (encoding === 'base64') faults.push('it is hex, and should be base64')
    else if (digits !== digits.toLowerCase()) faults.push('it is in upper case')
    return { digest: Buffer.from(digits, 'hex'), faults }
  }
  if (!BASE64.test(digits)) return undefined
  if (encoding === 'hex') faults.push('it is base64, and should be hex')
  else if (!/^[A-Za-z0-9+/]{43}=$/.test(digits)) faults.push('its base64 is of another alphabet')
  return { digest: Buffer.from(digits, 'base64'), faults }
}
