import { describe, expect, test } from 'bun:test'
import { createHmac } from 'node:crypto'
import type { Delivery } from '../../src/delivery.ts'
import { Rejection } from '../../src/outcome.ts'
import type { SchemeName, Signer } from '../../src/scheme.ts'
import { makeKeyring, type Secrets } from '../../src/signature/keyring.ts'
import { SCHEMES } from '../../src/signature/schemes.ts'
import { Verifier } from '../../src/signature/verifier.ts'
import { verify } from '../../src/signature/verify.ts'
import { SECRET, signed, VERIFICATION } from './verified.ts'

const REFUSED = new Rejection('invalid_signature')

/** Signs with node:crypto under another secret than `signed` does. */
function signedWith(secret: string, body = '{}'): Delivery {
  const signature = createHmac('sha256', secret).update(body).digest('hex')
  return { ...signed(body), headers: new Headers({ 'X-Signature': signature }) }
}

/** A verifier that notes each match; `skew` is in seconds. */
function record(names: readonly SchemeName[], secrets: Secrets, toleranceSeconds = 300) {
  const matches: { signer: Signer; skew: number | undefined }[] = []
  const onMatch = (signer: Signer, skew: number | undefined) => void matches.push({ signer, skew })
  return { matches, verifier: new Verifier(names, secrets, { toleranceSeconds, onMatch }) }
}

describe('verify', () => {
  test('lets a signed delivery through as it is, and notes who signed it', () => {
    const delivery = signed('{"a":1}')
    expect(verify(delivery, VERIFICATION) as object).toBe(delivery)
    expect(delivery.signer).toEqual({ scheme: 'x-signature', key: 'current' })
  })

  test('lets a signed delivery through whose body is no text', () => {
    const delivery = signed(Uint8Array.of(0xff, 0x00, 0xc0))
    expect(verify(delivery, VERIFICATION) as object).toBe(delivery)
  })

  test('refuses a delivery without the header', () => {
    const delivery = { ...signed('{}'), headers: new Headers() }
    expect(verify(delivery, VERIFICATION)).toEqual(REFUSED)
    expect(delivery.signer).toBeUndefined()
  })

  test('refuses an empty header', () => {
    const headers = new Headers({ 'X-Signature': '' })
    expect(verify({ ...signed('{}'), headers }, VERIFICATION)).toEqual(REFUSED)
  })

  test('refuses the right signature sent twice, which arrives joined', () => {
    const delivery = signed('{}')
    delivery.headers.append('X-Signature', delivery.headers.get('X-Signature') ?? '')
    expect(verify(delivery, VERIFICATION)).toEqual(REFUSED)
  })

  test('refuses the signature of another body', () => {
    const { headers } = signed('{"a":1}')
    expect(verify({ ...signed('{"a":2}'), headers }, VERIFICATION)).toEqual(REFUSED)
  })

  test('refuses a signature made with another secret', () => {
    expect(verify(signedWith('other'), VERIFICATION)).toEqual(REFUSED)
  })

  test('refuses the signature in a header of another name', () => {
    const signature = signed('{}').headers.get('X-Signature') ?? ''
    const headers = new Headers({ 'X-Hub-Signature-256': signature })
    expect(verify({ ...signed('{}'), headers }, VERIFICATION)).toEqual(REFUSED)
  })

  test('takes a signature of any scheme that is on, and of no other', () => {
    const body = new TextEncoder().encode('{}')
    const stamp = { id: 'a', seconds: 1 }
    const names = ['x-signature', 'x-hub-signature-256', 'standard-webhooks'] as const
    for (const on of names) {
      const { verifier } = record([on], { current: SECRET })
      for (const used of names) {
        const key = SCHEMES[used].makeKey(SECRET)
        const headers = new Headers(SCHEMES[used].sign(body, key, stamp))
        const outcome = verifier.verify({ body, headers, receivedAt: 1000 })
        expect([on, used, outcome instanceof Rejection]).toEqual([on, used, on !== used])
      }
    }
  })
})

describe('two secrets', () => {
  const SECRETS = { current: 'the new one', previous: 'the old one' }

  test.each([
    ['the new one', 'current'],
    ['the old one', 'previous'],
  ] as const)('let through what %s signed, and say so', (secret, key) => {
    const { matches, verifier } = record(['x-signature'], SECRETS)
    const delivery = signedWith(secret)
    expect(verifier.verify(delivery) as object).toBe(delivery)
    expect(delivery.signer).toEqual({ scheme: 'x-signature', key })
    expect(matches).toEqual([{ signer: { scheme: 'x-signature', key }, skew: undefined }])
  })

  test('let through nothing that neither signed', () => {
    const { matches, verifier } = record(['x-signature'], SECRETS)
    expect(verifier.verify(signedWith('a third one'))).toEqual(REFUSED)
    expect(matches).toEqual([])
  })

  test('count as the new one where both are the same', () => {
    const { matches, verifier } = record(['x-signature'], { current: 'a', previous: 'a' })
    verifier.verify(signedWith('a'))
    expect(matches.map(({ signer }) => signer.key)).toEqual(['current'])
  })

  test('can be replaced while deliveries come', () => {
    const { verifier } = record(['x-signature'], { current: 'the old one' })
    verifier.replaceSecrets(SECRETS)
    expect(verifier.verify(signedWith('the new one'))).not.toEqual(REFUSED)
    verifier.replaceSecrets({ current: 'the new one' })
    expect(verifier.verify(signedWith('the old one'))).toEqual(REFUSED)
  })

  test('are kept as they were where one of the new ones is malformed', () => {
    const { verifier } = record(['x-signature', 'standard-webhooks'], SECRETS)
    const malformed = { current: 'fine', previous: 'whsec_!' }
    expect(() => verifier.replaceSecrets(malformed)).toThrow('no base64 after whsec_')
    expect(() => verifier.replaceSecrets({ current: '' })).toThrow('the webhook secret is empty')
    expect(verifier.verify(signedWith('the new one'))).not.toEqual(REFUSED)
    expect(verifier.verify(signedWith('fine'))).toEqual(REFUSED)
  })

  test('are each tried, by one HMAC, wherever the one that matches stands', () => {
    const tried: number[] = []
    const counting = [0, 1, 2].map((index) => {
      const key = new Bun.CryptoHasher('sha256', `secret ${index}`)
      const copy = () => {
        tried.push(index)
        return key.copy()
      }
      return { copy } as unknown as Bun.CryptoHasher
    })
    for (const scheme of Object.values(SCHEMES)) {
      for (const index of [0, 1, 2]) {
        const body = new TextEncoder().encode('{}')
        const key = new Bun.CryptoHasher('sha256', `secret ${index}`)
        const headers = new Headers(scheme.sign(body, key, { id: 'a', seconds: 1 }))
        tried.length = 0
        expect(scheme.verify({ body, headers, receivedAt: 0 }, counting)).toBe(index)
        expect(tried.toSorted()).toEqual([0, 1, 2])
      }
    }
  })
})

describe('the replay window', () => {
  const body = new TextEncoder().encode('{}')
  const scheme = SCHEMES['standard-webhooks']
  const seconds = 1_736_935_200

  /** What becomes of a delivery signed at `seconds` that arrives so many milliseconds later. */
  function arriveAfter(milliseconds: number, toleranceSeconds = 300) {
    const { matches, verifier } = record(
      ['standard-webhooks'],
      { current: SECRET },
      toleranceSeconds,
    )
    const key = scheme.makeKey(SECRET)
    const headers = new Headers(scheme.sign(body, key, { id: 'a', seconds }))
    const outcome = verifier.verify({ body, headers, receivedAt: seconds * 1000 + milliseconds })
    const result = outcome instanceof Rejection ? outcome.result : 'verified'
    return { result, skews: matches.map(({ skew }) => skew) }
  }

  test.each([0, 300_000, 300_999, -300_000])('takes what arrives %d ms after its time', (ms) => {
    expect(arriveAfter(ms)).toEqual({ result: 'verified', skews: [ms / 1000] })
  })

  test.each([301_000, -300_001, -301_000, 1e12])('refuses what arrives %d ms after it', (ms) => {
    expect(arriveAfter(ms)).toEqual({ result: 'timestamp_out_of_tolerance', skews: [ms / 1000] })
  })

  test('is as wide as it is set', () => {
    expect(arriveAfter(10_000, 10).result).toBe('verified')
    expect(arriveAfter(11_000, 10).result).toBe('timestamp_out_of_tolerance')
  })

  test('says nothing of a delivery whose signature is wrong', () => {
    const { matches, verifier } = record(['standard-webhooks'], { current: 'another' })
    const key = scheme.makeKey(SECRET)
    const headers = new Headers(scheme.sign(body, key, { id: 'a', seconds: 1 }))
    expect(verifier.verify({ body, headers, receivedAt: 1e12 })).toEqual(REFUSED)
    expect(matches).toEqual([])
  })

  test('does not hold for a scheme that signs no time', () => {
    expect(makeKeyring(['x-signature'], { current: SECRET })[0]?.scheme.signedAt).toBeUndefined()
    expect(verify({ ...signed('{}'), receivedAt: 0 }, VERIFICATION)).not.toEqual(REFUSED)
  })
})
