import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { hmacHex } from '../../src/web/browser/hmac.ts'
import { signatureOf } from '../support/signer.ts'

test('gives the value of RFC 4231, test case 2', () => {
  expect(hmacHex('Jefe', 'what do ya want for nothing?')).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  )
})

test('signs as node:crypto does, any text under any secret', () => {
  const text = fc.string({ unit: 'binary', maxLength: 300 }).filter((each) => each.isWellFormed())
  fc.assert(
    fc.property(text, text, (secret, body) => {
      expect(hmacHex(secret, body)).toBe(signatureOf(body, secret))
    }),
  )
})

test.each([0, 1, 54, 55, 56, 63, 64, 65, 119, 120, 128, 100_000])(
  'signs %i bytes, and under a secret of so many',
  (length) => {
    const text = 'x'.repeat(length)
    expect(hmacHex('s', text)).toBe(signatureOf(text, 's'))
    expect(hmacHex(text, 'body')).toBe(signatureOf('body', text))
  },
)
