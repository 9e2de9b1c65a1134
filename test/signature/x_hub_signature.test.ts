import { describe, expect, test } from 'bun:test'
import { makeKey } from '../../src/signature/hmac.ts'
import { X_HUB_SIGNATURE } from '../../src/signature/x_hub_signature.ts'

interface Vector {
  readonly name: string
  readonly secret: string
  readonly body: string
  readonly header: string
}

const VECTORS: readonly Vector[] = [
  {
    // docs.github.com, "Validating webhook deliveries", testing the webhook payload validation.
    name: "GitHub's documentation",
    secret: "It's a Secret to Everybody",
    body: 'Hello, World!',
    header: 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
  },
  {
    // printf '{"object":"whatsapp_business_account"}' | openssl dgst -sha256 -hmac (the secret)
    name: 'an app secret of Meta',
    secret: '0123456789abcdef0123456789abcdef',
    body: '{"object":"whatsapp_business_account"}',
    header: 'sha256=e3d59d231b02104529f72ed309769c75fdbc42fc9cb15257538b2012f031af65',
  },
]

const bytesOf = (text: string) => new TextEncoder().encode(text)

/** Headers refuse some of these values; verify must not depend on that. */
function verify(body: string, header: string | null, secret: string): number {
  const headers = new Map([['x-hub-signature-256', header]]) as unknown as Headers
  const delivery = { body: bytesOf(body), headers, receivedAt: 0 }
  return X_HUB_SIGNATURE.verify(delivery, [makeKey(secret)])
}

describe.each(VECTORS)('the known answer for $name', ({ secret, body, header }) => {
  test('is what sign makes', () => {
    const headers = X_HUB_SIGNATURE.sign(bytesOf(body), makeKey(secret), { id: '', seconds: 0 })
    expect(headers).toEqual({ 'x-hub-signature-256': header })
  })

  test('is taken', () => {
    expect(verify(body, header, secret)).toBe(0)
  })

  test('is refused under another secret and for another body', () => {
    expect(verify(body, header, `${secret}x`)).toBe(-1)
    expect(verify(`${body} `, header, secret)).toBe(-1)
  })

  const hex = header.slice('sha256='.length)

  test.each([
    ['no header', null],
    ['an empty header', ''],
    ['no prefix', hex],
    ['an upper-case prefix', `SHA256=${hex}`],
    ['another prefix', `sha1=${hex}`],
    ['the prefix twice', `sha256=${header}`],
    ['upper-case hex', `sha256=${hex.toUpperCase()}`],
    ['a digit too few', header.slice(0, -1)],
    ['a digit too many', `${header}0`],
    ['a newline behind', `${header}\n`],
    ['a space behind the prefix', `sha256= ${hex}`],
    ['two headers joined', `${header}, ${header}`],
    ['a digit outside ASCII', `${header.slice(0, -1)}\uff10`],
    ['base64', `sha256=${Buffer.from(hex, 'hex').toString('base64')}`],
  ])('is refused with %s', (_, wrong) => {
    expect(verify(body, wrong, secret)).toBe(-1)
  })
})
