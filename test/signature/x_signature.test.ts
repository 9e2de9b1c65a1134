import { describe, expect, test } from 'bun:test'
import { type Key, makeKey } from '../../src/signature/hmac.ts'
import { X_SIGNATURE } from '../../src/signature/x_signature.ts'

interface Vector {
  readonly name: string
  readonly secret: string
  readonly body: string | Uint8Array
  readonly hex: string
}

// Cases 1, 2 and 4 of RFC 4231; the others have keys that are no text. The rest were made with
//   printf 'Hello, World!' | openssl dgst -sha256 -hmac 'testsecret'
const VECTORS: readonly Vector[] = [
  {
    name: 'RFC 4231, case 1',
    secret: '\x0b'.repeat(20),
    body: 'Hi There',
    hex: 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  },
  {
    name: 'RFC 4231, case 2',
    secret: 'Jefe',
    body: 'what do ya want for nothing?',
    hex: '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  },
  {
    name: 'RFC 4231, case 4',
    secret: String.fromCharCode(...Array.from({ length: 25 }, (_, n) => n + 1)),
    body: new Uint8Array(50).fill(0xcd),
    hex: '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b',
  },
  {
    name: 'plain text',
    secret: 'testsecret',
    body: 'Hello, World!',
    hex: 'b1bd8c4867385a2fe71b36bbd553d6eb4deaa1bfb8c4cd419edaaf4e3505ce3e',
  },
  {
    name: 'an empty body',
    secret: 'testsecret',
    body: '',
    hex: '883a1369fa89dbc40b32496dbec4174276f9899e88cdfdbf1b6327c2ebc7ffcb',
  },
  {
    name: 'a body in UTF-8',
    secret: 'testsecret',
    body: '{"text":"École 😀"}',
    hex: '1d0e5a32db59e99d4d5a7c4a1519f5688d9fb4b8a42ee46a2462fb1c3e44fbda',
  },
  {
    // printf '\x00\xff\xfe\x0d\x0a' | openssl dgst -sha256 -hmac 'testsecret'
    name: 'bytes that are no text',
    secret: 'testsecret',
    body: Uint8Array.of(0x00, 0xff, 0xfe, 0x0d, 0x0a),
    hex: '7837f7b82adf07474231118bcc6da6c13c017a6682d77532d7f3d49c1cd957b3',
  },
  {
    // printf 'x' | openssl dgst -sha256 -hmac (this secret)
    name: 'a secret outside ASCII',
    secret: 'ключ 🔑',
    body: 'x',
    hex: 'a23dc33f81773cb9533d56803b2f504b2c8cd4551e503f1383c1c7860a31bcc3',
  },
  {
    // printf ... | openssl dgst -sha256 -hmac "$(printf 'k%.0s' $(seq 131))"
    name: 'a secret longer than a block',
    secret: 'k'.repeat(131),
    body: 'Test Using Larger Than Block-Size Key',
    hex: '46ac33ede86549300c0bf2805f311de06f51067bcac093c959fafa72295111ae',
  },
]

function matches(body: Uint8Array, signature: string | null, key: Key): boolean {
  const headers = new Map([['x-signature', signature]])
  // Headers refuse some of these values; verify must not depend on that.
  const delivery = { body, headers: headers as unknown as Headers, receivedAt: 0 }
  return X_SIGNATURE.verify(delivery, [key]) === 0
}

const sign = (body: Uint8Array, key: Key) =>
  X_SIGNATURE.sign(body, key, { id: 'unused', seconds: 0 })

const bytesOf = (body: string | Uint8Array) =>
  typeof body === 'string' ? new TextEncoder().encode(body) : body

describe.each(VECTORS)('the known answer for $name', ({ secret, body, hex }) => {
  test('is what sign computes', () => {
    expect(sign(bytesOf(body), makeKey(secret))).toEqual({ 'x-signature': hex })
  })

  test('matches', () => {
    expect(matches(bytesOf(body), hex, makeKey(secret))).toBe(true)
  })

  test('does not match under another secret', () => {
    expect(matches(bytesOf(body), hex, makeKey(`${secret}x`))).toBe(false)
  })
})

const BODY = bytesOf('Hello, World!')
const HEX = 'b1bd8c4867385a2fe71b36bbd553d6eb4deaa1bfb8c4cd419edaaf4e3505ce3e'
const KEY = makeKey('testsecret')

/** The bytes with one bit turned. */
function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = bytes.slice()
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  return copy
}

describe('matches', () => {
  test('refuses a body changed by one bit, whichever bit', () => {
    const bits = Array.from({ length: BODY.length * 8 }, (_, bit) => bit)
    expect(bits.filter((bit) => matches(flipped(BODY, bit), HEX, KEY))).toEqual([])
  })

  test('refuses a signature changed by one bit, whichever bit', () => {
    const bits = Array.from({ length: 256 }, (_, bit) => bit)
    const signature = new Uint8Array(Buffer.from(HEX, 'hex'))
    const hexes = bits.map((bit) => Buffer.from(flipped(signature, bit)).toString('hex'))
    expect(hexes.filter((hex) => matches(BODY, hex, KEY))).toEqual([])
  })

  test.each([
    ['no header', null],
    ['an empty header', ''],
    ['upper-case hex', HEX.toUpperCase()],
    ['one digit in upper case', HEX.replace('b', 'B')],
    ['a sha256= prefix', `sha256=${HEX}`],
    ['a 0x prefix', `0x${HEX}`],
    ['a digit too few', HEX.slice(1)],
    ['a digit too many', `${HEX}0`],
    ['half of it', HEX.slice(0, 32)],
    ['a space before', ` ${HEX}`],
    ['a space behind', `${HEX} `],
    ['a newline behind', `${HEX}\n`],
    ['two headers joined', `${HEX}, ${HEX}`],
    ['64 characters that are no hex', 'z'.repeat(64)],
    ['hex with a letter outside ASCII', `${HEX.slice(0, 63)}\uff10`],
    ['bytes over 127', '\xff\xfe'.repeat(32)],
    ['base64', Buffer.from(HEX, 'hex').toString('base64')],
    ['a very long text', 'a'.repeat(100_000)],
  ])('refuses %s', (_, signature) => {
    expect(matches(BODY, signature, KEY)).toBe(false)
  })

  test('gives the same answer however often a key is used', () => {
    const answers = [HEX, HEX.replace('b', 'c'), HEX].map((hex) => matches(BODY, hex, KEY))
    expect(answers).toEqual([true, false, true])
  })
})

describe('makeKey', () => {
  test('refuses an empty secret', () => {
    expect(() => makeKey('')).toThrow('the webhook secret is empty')
  })
})
