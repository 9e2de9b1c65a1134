import { describe, expect, test } from 'bun:test'
import { Webhook } from 'standardwebhooks'
import { STANDARD_WEBHOOKS } from '../../src/signature/standard_webhooks.ts'

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const BODY = '{"test": 2432232314}'

/** The example of the specification's own page, and of openssl over its bytes. */
const HEADERS = {
  'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  'webhook-timestamp': '1614265330',
  'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
}

const SIGNATURE = HEADERS['webhook-signature']
const STAMP = { id: HEADERS['webhook-id'], seconds: 1_614_265_330 }

const bytesOf = (text: string) => new TextEncoder().encode(text)

type Given = Readonly<Record<string, string | null>>

/** Headers refuse some of these values; verify must not depend on that. */
function verify(changes: Given = {}, secret = SECRET, body: Uint8Array = bytesOf(BODY)): number {
  const all = new Map<string, string | null>(Object.entries({ ...HEADERS, ...changes }))
  const headers = { get: (name: string) => all.get(name) ?? null } as unknown as Headers
  const delivery = { body, headers, receivedAt: 0 }
  return STANDARD_WEBHOOKS.verify(delivery, [STANDARD_WEBHOOKS.makeKey(secret)])
}

describe('the known answer of the specification', () => {
  test('is what sign makes', () => {
    const key = STANDARD_WEBHOOKS.makeKey(SECRET)
    expect(STANDARD_WEBHOOKS.sign(bytesOf(BODY), key, STAMP)).toEqual(HEADERS)
  })

  test('is taken', () => {
    expect(verify()).toBe(0)
  })

  const OTHER = `v1,${'A'.repeat(43)}=`

  test.each([
    ['first of several', `${SIGNATURE} ${OTHER}`],
    ['last of several', `${OTHER} v1a,abc= ${SIGNATURE}`],
    ['behind entries that make no sense', `v2,x , v1 ${SIGNATURE}`],
  ])('is taken as the %s', (_, header) => {
    expect(verify({ 'webhook-signature': header })).toBe(0)
  })

  test.each([
    ['another id', { 'webhook-id': 'msg_1' }],
    ['another time', { 'webhook-timestamp': '1614265331' }],
    ['a time with a sign', { 'webhook-timestamp': '+1614265330' }],
    ['a time with a fraction', { 'webhook-timestamp': '1614265330.0' }],
    ['a time that is too long', { 'webhook-timestamp': '0'.repeat(9) + 1_614_265_330 }],
    ['no time', { 'webhook-timestamp': null }],
    ['no id', { 'webhook-id': null }],
    ['an empty id', { 'webhook-id': '' }],
    ['no signature', { 'webhook-signature': null }],
    ['an empty signature', { 'webhook-signature': '' }],
    ['no version', { 'webhook-signature': SIGNATURE.slice(3) }],
    ['another version', { 'webhook-signature': SIGNATURE.replace('v1', 'v2') }],
    ['a version with more behind', { 'webhook-signature': SIGNATURE.replace('v1', 'v1a') }],
    ['an equals sign for the comma', { 'webhook-signature': SIGNATURE.replace(',', '=') }],
    ['no padding', { 'webhook-signature': SIGNATURE.slice(0, -1) }],
    ['the other alphabet of base64', { 'webhook-signature': SIGNATURE.replace('+', '-') }],
    ['a newline behind', { 'webhook-signature': `${SIGNATURE}\n` }],
    ['hex', { 'webhook-signature': `v1,${'0'.repeat(64)}` }],
    ['a comma between entries', { 'webhook-signature': `${SIGNATURE},${SIGNATURE}` }],
    ['it as the 17th entry', { 'webhook-signature': `${`${OTHER} `.repeat(16)}${SIGNATURE}` }],
  ] as [string, Given][])('is refused with %s', (_, changes) => {
    expect(verify(changes)).toBe(-1)
  })

  test('is refused under another secret and for another body', () => {
    expect(verify({}, `${SECRET.slice(0, -1)}v`)).toBe(-1)
    expect(verify({}, SECRET.replace('whsec_', ''))).toBe(-1)
    expect(verify({}, SECRET, bytesOf(`${BODY}\n`))).toBe(-1)
  })
})

test('a secret without whsec_ is text: openssl has the same answer for bytes that are none', () => {
  // printf 'msg_1.1736935200.\x00\xff\xfe' | openssl dgst -sha256 -hmac 'a plain secret' -binary
  const headers = {
    'webhook-id': 'msg_1',
    'webhook-timestamp': '1736935200',
    'webhook-signature': 'v1,biSR2S75sz9RNcqDcIqn2F3TNx+4BcHiMUxtZF1n4Ho=',
  }
  expect(verify(headers, 'a plain secret', Uint8Array.of(0x00, 0xff, 0xfe))).toBe(0)
})

describe('the standardwebhooks package', () => {
  const PAYLOADS = ['{}', '{"a":"\u00e9 \u{1F600}"}', '[]', ' {"a": 1}\n', '"x"']
  const now = new Date()
  const seconds = Math.floor(now.getTime() / 1000)

  test.each(PAYLOADS)('signs %j so that it is taken', (payload) => {
    const headers = {
      'webhook-id': 'msg_2',
      'webhook-timestamp': String(seconds),
      'webhook-signature': new Webhook(SECRET).sign('msg_2', now, payload),
    }
    expect(verify(headers, SECRET, bytesOf(payload))).toBe(0)
  })

  test.each(PAYLOADS)('takes %j as it is signed here', (payload) => {
    const key = STANDARD_WEBHOOKS.makeKey(SECRET)
    const headers = STANDARD_WEBHOOKS.sign(bytesOf(payload), key, { id: 'msg_3', seconds })
    expect(new Webhook(SECRET).verify(payload, headers)).toEqual(JSON.parse(payload))
    expect(() => new Webhook(SECRET).verify(`${payload} `, headers)).toThrow('No matching')
  })

  test('agrees on a plain secret, which it calls raw', () => {
    const webhook = new Webhook('a plain secret', { format: 'raw' })
    const key = STANDARD_WEBHOOKS.makeKey('a plain secret')
    const headers = STANDARD_WEBHOOKS.sign(bytesOf('{}'), key, { id: 'msg_4', seconds })
    expect(webhook.verify('{}', headers)).toEqual({})
  })
})
