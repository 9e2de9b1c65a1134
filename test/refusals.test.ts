import { describe, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { Rejection } from '../src/outcome.ts'
import { REFUSALS_MAX, Refusals } from '../src/refusals.ts'

const BODY = new TextEncoder().encode('{"a":1}')

/** A record with a clock in the test's hand, and the function that adds to it. */
function setUp(keepsBodies = false) {
  let time = 1_736_935_200_000
  const refusals = new Refusals({ clock: () => time, keepsBodies })
  const add = (changes: Partial<Parameters<Refusals['add']>[0]> = {}) =>
    refusals.add({
      path: '/webhook',
      rejection: new Rejection('invalid_signature'),
      scheme: 'x-signature',
      body: BODY,
      headers: new Headers({ 'X-Signature': 'secret', Host: 'a' }),
      remoteAddress: '192.0.2.1',
      ...changes,
    })
  const pass = (milliseconds: number) => {
    time += milliseconds
  }
  return { refusals, add, pass }
}

describe('Refusals', () => {
  test('remember what is known of a refusal, and no value of a header', () => {
    const { refusals, add } = setUp()
    add()
    expect(refusals.list()).toEqual([
      {
        ts: '2025-01-15T10:00:00.000Z',
        path: '/webhook',
        reason: 'invalid_signature',
        faults: [],
        scheme: 'x-signature',
        body_bytes: 7,
        body_sha256: createHash('sha256').update(BODY).digest('hex'),
        body_base64: null,
        header_names: ['host', 'x-signature'],
        remote_address: '192.0.2.1',
      },
    ])
  })

  test('say null for what is not known', () => {
    const { refusals, add } = setUp(true)
    add({ scheme: undefined, body: undefined, remoteAddress: undefined })
    expect(refusals.list()).toMatchObject([
      {
        scheme: null,
        body_bytes: null,
        body_sha256: null,
        body_base64: null,
        remote_address: null,
      },
    ])
  })

  test('keep the first bytes of bodies where they are asked to', () => {
    const { refusals, add } = setUp(true)
    add()
    add({ body: new Uint8Array(70_000) })
    const [large, small] = refusals.list()
    expect(Buffer.from(small?.body_base64 ?? '', 'base64').toString()).toBe('{"a":1}')
    expect(Buffer.from(large?.body_base64 ?? '', 'base64').length).toBe(65_536)
    expect(large?.body_bytes).toBe(70_000)
  })

  test('are the latest, the very last one first, and never more than their bound', () => {
    const { refusals, add } = setUp()
    for (let n = 0; n < REFUSALS_MAX + 5; n += 1) add({ path: `/${n}` })
    const paths = refusals.list().map(({ path }) => path)
    expect(paths.length).toBe(1000)
    expect([paths[0], paths.at(-1)]).toEqual(['/1004', '/5'])
  })

  test('are fewer while there are fewer', () => {
    const { refusals, add } = setUp()
    expect(refusals.list()).toEqual([])
    for (const path of ['/a', '/b', '/c']) add({ path })
    expect(refusals.list().map(({ path }) => path)).toEqual(['/c', '/b', '/a'])
  })

  test('hash only so many bytes in a second, and all again in the next', () => {
    const { refusals, add, pass } = setUp()
    const mebibyte = new Uint8Array(1024 * 1024)
    for (let n = 0; n < 20; n += 1) add({ body: mebibyte })
    pass(1000)
    add({ body: mebibyte })
    const hashed = refusals.list().map(({ body_sha256 }) => body_sha256 !== null)
    expect(hashed).toEqual([true, ...Array(4).fill(false), ...Array(16).fill(true)])
    expect(refusals.list().every(({ body_bytes }) => body_bytes === 1_048_576)).toBe(true)
  })
})
