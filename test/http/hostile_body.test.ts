import { describe, expect, test } from 'bun:test'
import { startService, TRANSPORTS } from '../support/service.ts'
import { fields, signed } from '../support/signer.ts'

const DEPTH = 60_000
const VALID = JSON.stringify(fields())

const bytes = (text: string) => new TextEncoder().encode(text)
const raw = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))
const withText = (json: string) => bytes(VALID.replace('"Hello"', json))

/** Signed bodies that are no valid delivery, by what is wrong with them. */
const INVALID: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {
  'nothing at all': bytes(''),
  'one blank': bytes(' '),
  null: bytes('null'),
  true: bytes('true'),
  'a number': bytes('42'),
  'a huge number': bytes('1e999999'),
  'a long number': bytes('9'.repeat(100_000)),
  'a string': bytes('"m1"'),
  'an array': bytes('[]'),
  'an array of one message': bytes(`[${VALID}]`),
  'an empty object': bytes('{}'),
  'two objects': bytes(VALID + VALID),
  'a line of rubbish behind': bytes(`${VALID}\nx`),
  'single quotes': bytes(VALID.replaceAll('"', "'")),
  'a trailing comma': bytes(VALID.replace('}', ',}')),
  'a comment': bytes(`/* */${VALID}`),
  NaN: withText('NaN'),
  'a byte order mark': bytes(`\ufeff${VALID}`),
  'Latin-1': raw(VALID.replace('Hello', 'caf\u00e9')),
  'UTF-16': new Uint8Array(Buffer.from(VALID, 'utf16le')),
  'an overlong encoding': raw(VALID.replace('Hello', '\xc0\xaf')),
  'a surrogate in UTF-8': raw(VALID.replace('Hello', '\xed\xa0\x80')),
  'a code point beyond Unicode': raw(VALID.replace('Hello', '\xf4\x90\x80\x80')),
  'half a character at the end': raw(`${VALID}\xc3`),
  'a NUL before it': bytes(`\0${VALID}`),
  'a NUL behind it': bytes(`${VALID}\0`),
  'a bare NUL in a string': raw(VALID.replace('Hello', '\0')),
  'nothing but NULs': new Uint8Array(1000),
  'a lone high surrogate': withText('"\\ud83d"'),
  'a lone low surrogate': withText('"\\ude00"'),
  'surrogates the wrong way round': withText('"\\ude00\\ud83d"'),
  'open brackets': bytes('['.repeat(DEPTH)),
  'open braces': bytes('{"a":'.repeat(DEPTH)),
  'balanced brackets': bytes('['.repeat(DEPTH) + ']'.repeat(DEPTH)),
  'balanced braces': bytes(`${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`),
  'brackets for a text': withText('['.repeat(DEPTH) + ']'.repeat(DEPTH)),
  'a prototype in place of fields': bytes(`{"__proto__":${VALID}}`),
}

describe.each([...TRANSPORTS])('a signed body that is no delivery, %s', (transport) => {
  test.each(Object.keys(INVALID))('is 422 and not stored: %s', async (name) => {
    await using service = await startService({}, transport)
    const response = await service.request('/webhook', signed(INVALID[name] ?? ''))
    expect(response.status).toBe(422)
    const { detail } = (await response.json()) as { detail: Record<string, unknown>[] }
    expect(detail.length).toBeGreaterThan(0)
    for (const fault of detail) expect(Object.keys(fault)).toEqual(['type', 'loc', 'msg'])
    expect(await service.json('/stats')).toMatchObject({ total_messages: 0 })
    expect(await service.metric('webhook_requests_total{result="validation_error"}')).toBe(1)
  })

  test('is never a 500 when nesting stands in a field that is ignored', async () => {
    await using service = await startService({}, transport)
    const deep = '['.repeat(DEPTH) + ']'.repeat(DEPTH)
    const init = signed(VALID.replace('{', `{"deep":${deep},`))
    expect([200, 422]).toContain((await service.request('/webhook', init)).status)
  })

  test('takes escaped pairs, NULs and repeated keys, of which the last counts', async () => {
    await using service = await startService({}, transport)
    const body = VALID.replace('"Hello"', '"first","text":"\\ud83d\\ude00\\u0000"')
    expect((await service.request('/webhook', signed(body))).status).toBe(200)
    expect(await service.json('/messages/m1')).toMatchObject({ text: '\u{1F600}\0' })
  })
})
