import { afterAll, beforeEach, expect, mock, test } from 'bun:test'
import * as crypto from 'node:crypto'
import { openAccess } from '../../src/http/access.ts'
import { makeKeyring } from '../../src/signature/keyring.ts'
import { tokenCheck } from '../../src/signature/token.ts'
import { verify } from '../../src/signature/verify.ts'
import { answerChallenge } from '../../src/whatsapp/handshake.ts'
import { SECRET, signatureOf, standardHeaders } from '../support/signer.ts'

/** The platform's own compare does all the work; its calls are only written down. */
const platform = { ...crypto }
const compared: string[][] = []

const hexOf = ({ buffer, byteOffset, byteLength }: NodeJS.ArrayBufferView) =>
  Buffer.from(buffer, byteOffset, byteLength).toString('hex')

mock.module('node:crypto', () => ({
  ...platform,
  timingSafeEqual: (a: NodeJS.ArrayBufferView, b: NodeJS.ArrayBufferView) => {
    compared.push([hexOf(a), hexOf(b)])
    return platform.timingSafeEqual(a, b)
  },
}))

afterAll(() => {
  mock.module('node:crypto', () => platform)
})

beforeEach(() => {
  compared.length = 0
})

const BODY = '{"message_id":"m1"}'
const SECONDS = 1_736_935_200
const RIGHT = signatureOf(BODY)

/** Wrong by the first character, by one in the middle and by the last. */
const WRONG = [0, 31, 63].map((at) => {
  return RIGHT.slice(0, at) + (RIGHT[at] === '0' ? '1' : '0') + RIGHT.slice(at + 1)
})

/** Verifies a delivery with these headers under the secret and a previous one. */
function isVerified(
  scheme: 'x-signature' | 'x-hub-signature-256' | 'standard-webhooks',
  headers: Record<string, string>,
): boolean {
  const keyring = makeKeyring([scheme], { current: SECRET, previous: 'another-secret' })
  const delivery = { body: Buffer.from(BODY), headers: new Headers(headers), receivedAt: 0 }
  const verification = { keyring, toleranceSeconds: 1e10, onMatch: () => {} }
  return 'body' in verify(delivery, verification)
}

const PREVIOUS = signatureOf(BODY, 'another-secret')

test.each([...WRONG, RIGHT].map((hex, index) => [hex, index === WRONG.length] as const))(
  'compares all bytes of a signature in constant time, with each secret: %s',
  (hex, isRight) => {
    const pairs = [
      [PREVIOUS, hex],
      [RIGHT, hex],
    ]
    expect(isVerified('x-signature', { 'X-Signature': hex })).toBe(isRight)
    expect(compared).toEqual(pairs)
    expect(isVerified('x-hub-signature-256', { 'X-Hub-Signature-256': `sha256=${hex}` })).toBe(
      isRight,
    )
    expect(compared).toEqual([...pairs, ...pairs])
  },
)

test('compares all bytes of each of several signatures in constant time', () => {
  const headers = standardHeaders(BODY, SECONDS)
  const right = Buffer.from((headers['webhook-signature'] ?? '').slice(3), 'base64')
  const wrong = Buffer.from(right)
  wrong[31] = (wrong[31] ?? 0) ^ 1
  const both = `v1,${wrong.toString('base64')} v1,${right.toString('base64')}`
  const before = standardHeaders(BODY, SECONDS, 'another-secret')['webhook-signature'] ?? ''
  const previous = Buffer.from(before.slice(3), 'base64').toString('hex')
  expect(isVerified('standard-webhooks', { ...headers, 'webhook-signature': both })).toBe(true)
  expect(compared).toEqual([
    [previous, wrong.toString('hex')],
    [previous, right.toString('hex')],
    [right.toString('hex'), wrong.toString('hex')],
    [right.toString('hex'), right.toString('hex')],
  ])
})

const digest = (text: string) => platform.createHash('sha256').update(text).digest('hex')

test('compares tokens by their digests in constant time', () => {
  const admit = openAccess({ apiToken: 'api-token', metricsToken: undefined })
  const init = { headers: { Authorization: 'Bearer api-tokem' } }
  expect(admit('/messages', new Request('http://localhost/messages', init))?.status).toBe(401)
  const query = new URLSearchParams({ 'hub.mode': 'subscribe', 'hub.verify_token': 'other' })
  expect(answerChallenge(query, tokenCheck('verify-token'))).toBeUndefined()
  expect(compared).toEqual([
    [digest('api-tokem'), digest('api-token')],
    [digest('other'), digest('verify-token')],
  ])
})
