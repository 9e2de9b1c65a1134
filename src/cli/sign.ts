/**
 * The value of `X-Signature` for a body: lower-case hex HMAC-SHA256 of exactly these bytes.
 * Throws a RangeError for an empty secret, which every HMAC would otherwise accept.
 */
export function sign(body: Uint8Array, secret: string): string {
  if (secret === '') throw new RangeError('the secret is empty')
  return new Bun.CryptoHasher('sha256', secret).update(body).digest('hex')
}
