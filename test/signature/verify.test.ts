import { describe, expect, test } from 'bun:test'
import { Rejection } from '../../src/outcome.ts'
import { verify } from '../../src/signature/verify.ts'
import { makeKey } from '../../src/signature/x_signature.ts'
import { SECRET, signed } from './verified.ts'

const KEY = makeKey(SECRET)
const REFUSED = new Rejection('invalid_signature')

describe('verify', () => {
  test('lets a signed delivery through as it is', () => {
    const delivery = signed('{"a":1}')
    expect(verify(delivery, KEY) as object).toBe(delivery)
  })

  test('lets a signed delivery through whose body is no text', () => {
    const delivery = signed(Uint8Array.of(0xff, 0x00, 0xc0))
    expect(verify(delivery, KEY) as object).toBe(delivery)
  })

  test('refuses a delivery without the header', () => {
    expect(verify({ ...signed('{}'), headers: new Headers() }, KEY)).toEqual(REFUSED)
  })

  test('refuses an empty header', () => {
    const headers = new Headers({ 'X-Signature': '' })
    expect(verify({ ...signed('{}'), headers }, KEY)).toEqual(REFUSED)
  })

  test('refuses the right signature sent twice, which arrives joined', () => {
    const delivery = signed('{}')
    delivery.headers.append('X-Signature', delivery.headers.get('X-Signature') ?? '')
    expect(verify(delivery, KEY)).toEqual(REFUSED)
  })

  test('refuses the signature of another body', () => {
    const { headers } = signed('{"a":1}')
    expect(verify({ ...signed('{"a":2}'), headers }, KEY)).toEqual(REFUSED)
  })

  test('refuses a signature made with another secret', () => {
    expect(verify(signed('{}'), makeKey('other'))).toEqual(REFUSED)
  })

  test('refuses the signature in a header of another name', () => {
    const signature = signed('{}').headers.get('X-Signature') ?? ''
    const headers = new Headers({ 'X-Hub-Signature-256': signature })
    expect(verify({ ...signed('{}'), headers }, KEY)).toEqual(REFUSED)
  })
})
