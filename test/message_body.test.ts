import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { parseMessage } from '../src/message.ts'
import { type Fault, Rejection } from '../src/outcome.ts'
import { verified } from './signature/verified.ts'

const VALID = {
  message_id: 'm1',
  from: '+919876543210',
  to: '+14155550100',
  ts: '2025-01-15T10:00:00Z',
  text: 'Hello',
}

function faults(body: string | Uint8Array | object): readonly Fault[] {
  const outcome = parseMessage(verified(body))
  return outcome instanceof Rejection ? outcome.faults : []
}

describe('parseMessage refuses the whole body when it is', () => {
  test.each([
    ['empty', '', 'json_invalid'],
    ['white space', ' \n', 'json_invalid'],
    ['no JSON', 'hello', 'json_invalid'],
    ['cut short', JSON.stringify(VALID).slice(0, -1), 'json_invalid'],
    ['followed by more', `${JSON.stringify(VALID)}x`, 'json_invalid'],
    ['JSON twice', JSON.stringify(VALID).repeat(2), 'json_invalid'],
    ['JSON with a trailing comma', '{"message_id":"m1",}', 'json_invalid'],
    ['JSON with a comment', `${JSON.stringify(VALID)}//`, 'json_invalid'],
    ['JSON with single quotes', "{'message_id':'m1'}", 'json_invalid'],
    ['JSON with a raw newline in a string', '{"message_id":"m\n1"}', 'json_invalid'],
    ['JSON with NaN', '{"message_id":NaN}', 'json_invalid'],
    ['preceded by a BOM', `\ufeff${JSON.stringify(VALID)}`, 'json_invalid'],
    ['a form', 'message_id=m1&from=%2B1', 'json_invalid'],
    ['60,000 open brackets', '['.repeat(60_000), 'json_invalid'],
    ['60,000 open objects', '{"a":'.repeat(60_000), 'json_invalid'],
    ['an array', JSON.stringify([VALID]), 'object_type'],
    ['an empty array', '[]', 'object_type'],
    ['null', 'null', 'object_type'],
    ['a string', '"m1"', 'object_type'],
    ['a number', '7', 'object_type'],
    ['true', 'true', 'object_type'],
  ])('%s', (_, body, type) => {
    expect(faults(body)).toMatchObject([{ type, loc: ['body'] }])
  })

  test('nested 60,000 deep and closed, whether that parses or not', () => {
    const deep = `${'['.repeat(60_000)}${']'.repeat(60_000)}`
    expect(faults(deep)).toMatchObject([{ loc: ['body'] }])
  })

  const QUOTED = '{"message_id":"'
  test.each([
    ['a lone continuation byte', [0x80]],
    ['a sequence cut short', [0xc3]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['a surrogate written in UTF-8', [0xed, 0xa0, 0xbd]],
    ['a code point over U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['Latin-1', [0xe9, 0x63]],
  ])('no UTF-8: %s', (_, bytes) => {
    const body = Buffer.concat([Buffer.from(QUOTED), Buffer.from(bytes), Buffer.from('"}')])
    expect(faults(new Uint8Array(body))).toEqual([
      { type: 'unicode_invalid', loc: ['body'], msg: 'body must be UTF-8' },
    ])
  })

  test('UTF-16', () => {
    const body = new Uint8Array(Buffer.from(`\ufeff${JSON.stringify(VALID)}`, 'utf16le'))
    expect(faults(body)).toMatchObject([{ loc: ['body'] }])
  })
})

describe('the faults of a refused body', () => {
  test('list every field, in the order of the contract', () => {
    const body = { message_id: 1, from: 'x', to: null, ts: 'yesterday', text: [] }
    const fields = ['message_id', 'from', 'to', 'ts', 'text']
    expect(faults(body).map(({ loc }) => loc)).toEqual(fields.map((field) => ['body', field]))
  })

  test('list the four required fields of an empty object', () => {
    expect(faults({}).map(({ loc, type }) => [type, loc[1]])).toEqual([
      ['missing', 'message_id'],
      ['missing', 'from'],
      ['missing', 'to'],
      ['missing', 'ts'],
    ])
  })

  test('list a field that is only in the prototype as missing', () => {
    const body = `{"__proto__":${JSON.stringify(VALID)}}`
    expect(faults(body).map(({ type }) => type)).toEqual(Array(4).fill('missing'))
  })

  test('never repeat a value that was sent, whatever it is', () => {
    const object = fc.oneof(fc.string(), fc.integer(), fc.array(fc.string())).map((each) => ({
      marked: `Qx7${JSON.stringify(each)}`,
    }))
    const value = fc.oneof(
      object,
      object.map(({ marked }) => marked),
    )
    const fields = Object.fromEntries(Object.keys(VALID).map((field) => [field, value]))
    fc.assert(
      fc.property(fc.record(fields), (body) => {
        const json = JSON.stringify(faults({ ...body, ts: 'Qx7' }))
        expect(json).not.toContain('Qx7')
      }),
    )
  })

  test('come with the id where that field keeps its rule, for the log', () => {
    const refused = (body: object) => parseMessage(verified(body))
    expect(refused({ ...VALID, from: 'x' })).toMatchObject({ messageId: 'm1' })
    expect(refused({ ...VALID, message_id: '' })).toMatchObject({ messageId: undefined })
  })
})

describe('parseMessage', () => {
  test('never throws on any bytes that were signed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(parseMessage(verified(bytes))).toBeInstanceOf(Rejection)
      }),
    )
  })

  test('never throws on any JSON', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(parseMessage(verified(json))).toBeInstanceOf(Rejection)
      }),
    )
  })
})
