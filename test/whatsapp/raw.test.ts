import { describe, expect, test } from 'bun:test'
import { parse } from './bundles.ts'
import { change, message, messages, notification, status, value } from './payloads.ts'

describe('what is kept of an item is the text that was sent', () => {
  const whole = JSON.stringify(messages(message('a', { type: 'x', x: 0 })))
  const withX = (x: string) => parse(whole.replace('"x":0', `"x":${x}`))

  test.each([
    '12345678901234567890',
    '1.0',
    '-0',
    '1e400',
    ' [ 1,\n2 ] ',
    '"\\u00e9\\/\\ud800"',
    '1,"x":2',
    `${'['.repeat(200_000)}${']'.repeat(200_000)}`,
  ])('number for number and space for space: %#', (x) => {
    const raw = JSON.stringify(message('a', { type: 'x', x: 0 })).replace('"x":0', `"x":${x}`)
    expect(withX(x).messages.map(({ whatsapp }) => whatsapp?.raw)).toEqual([raw])
  })

  test('also of a status, of another field and of what stands beside messages', () => {
    const big = '{"n":12345678901234567890}'
    const of = notification(
      change({ x: 0 }, 'flows'),
      change(value({ statuses: [status('s', 'sent', { x: 0 })], errors: [{ x: 0 }] })),
    )
    const bundle = parse(JSON.stringify(of).replaceAll('"x":0', `"x": ${big}`))
    expect(bundle.statuses.map(({ raw }) => raw)).toEqual([expect.stringContaining(`"x": ${big}}`)])
    expect(bundle.kept.map(({ raw }) => raw)).toEqual([
      `{"x": ${big}}`,
      expect.stringContaining(`"errors":[{"x": ${big}}]}`),
    ])
  })

  test('where a name comes twice it is the last one, as for whoever parses it', () => {
    const item = JSON.stringify(message('b'))
    const bundle = parse(whole.replace('"messages":[', `"messages":[5],"mess\\u0061ges":[${item},`))
    expect(bundle.messages.map(({ message_id, whatsapp }) => [message_id, whatsapp?.raw])).toEqual([
      ['b', item],
      ['a', JSON.stringify(message('a', { type: 'x', x: 0 }))],
    ])
    expect(bundle.kept).toEqual([])
  })
})
