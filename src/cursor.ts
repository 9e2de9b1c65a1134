/** Where a page ended: the sort key of its last row. */
export interface Position {
  /** Microseconds since the Unix epoch. */
  readonly instant: bigint
  readonly messageId: string
}

/** Characters of the digest that a cursor starts with: 96 bits tell damage from chance. */
const DIGEST_CHARACTERS = 16

/**
 * The digest ties a position to the filters and the order it was made for. It proves no secret:
 * a client that makes up its own cursor only reads where `since` and `from` could lead it too.
 */
function digest(payload: string, scope: string): string {
  const text = `ackbox cursor 1\n${scope}\n${payload}`
  return new Bun.CryptoHasher('sha256', 'cursor')
    .update(text)
    .digest('base64url')
    .slice(0, DIGEST_CHARACTERS)
}

/** A payload: the instant, which has at most 18 digits from year 1 to 9999, and the id. */
const PAYLOAD = /^(-?[0-9]{1,18}) (.+)$/s

/**
 * Writes a position as an opaque text that is safe in a URL. `scope` names the filters and the
 * order; the same must be given to read it back.
 */
export function writeCursor({ instant, messageId }: Position, scope: string): string {
  const payload = Buffer.from(`${instant} ${messageId}`).toString('base64url')
  return digest(payload, scope) + payload
}

/** Reads a cursor of writeCursor. Undefined when it was damaged or made for another query. */
export function readCursor(cursor: string, scope: string): Position | undefined {
  const payload = cursor.slice(DIGEST_CHARACTERS)
  if (cursor.slice(0, DIGEST_CHARACTERS) !== digest(payload, scope)) return undefined
  const [, instant, messageId] = PAYLOAD.exec(Buffer.from(payload, 'base64url').toString()) ?? []
  if (instant === undefined || messageId === undefined) return undefined
  return { instant: BigInt(instant), messageId }
}
