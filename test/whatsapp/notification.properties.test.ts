import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { Rejection } from '../../src/outcome.ts'
import { parseNotification } from '../../src/whatsapp/notification.ts'
import { verified } from '../signature/verified.ts'
import { change, type Json, message, SAMPLES, status, value } from './payloads.ts'

/** JSON of any shape, with the names that mean something often in it. */
const anyJson = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.dictionary(
    fc.constantFrom(
      'id',
      'from',
      'type',
      'text',
      'timestamp',
      'status',
      'changes',
      'field',
      'value',
    ),
    fc.jsonValue({ maxDepth: 2 }),
  ),
) as fc.Arbitrary<unknown>

const id = fc.string({ minLength: 1, maxLength: 8 })

/** An item with some of its members replaced by anything or taken away. */
function damaged(item: fc.Arbitrary<Json>): fc.Arbitrary<unknown> {
  return fc
    .tuple(
      item,
      fc.dictionary(fc.constantFrom('id', 'from', 'from_user_id', 'timestamp', 'text'), anyJson),
    )
    .map(([whole, damage]) => ({ ...whole, ...damage }))
}

const parts = fc.constantFrom(...SAMPLES.map((sample) => sample.parts))
const goodMessage = fc.tuple(id, parts).map(([name, of]) => message(name, of))
const goodStatus = fc
  .tuple(id, fc.constantFrom('sent', 'delivered', 'read', 'failed', 'new'))
  .map(([name, of]) => status(name, of))
const mixed = (good: fc.Arbitrary<Json>) =>
  fc.array(fc.oneof({ weight: 3, arbitrary: good }, damaged(good), anyJson), { maxLength: 6 })

const messagesChange = fc
  .record({ messages: mixed(goodMessage), statuses: mixed(goodStatus) }, { requiredKeys: [] })
  .map((lists) => change(value(lists)))
const otherChange = fc
  .tuple(anyJson, fc.constantFrom('flows', 'account_update'))
  .map(([of, name]) => change(of, name))
const anyEntry = fc.oneof(
  fc
    .array(fc.oneof(messagesChange, otherChange), { maxLength: 4 })
    .map((changes) => ({ id: '1', changes })),
  anyJson,
)
const anyNotification = fc
  .array(anyEntry, { maxLength: 4 })
  .map((entry) => ({ object: 'whatsapp_business_account', entry }))

/** Whether a change holds lists of messages or statuses whose items are taken one by one. */
function itemsOf(of: unknown): { items: unknown[]; isSplit: boolean } {
  const { field, value: inside } = (of ?? {}) as Json
  const isObject = typeof inside === 'object' && inside !== null && !Array.isArray(inside)
  if (field !== 'messages' || !isObject) return { items: [], isSplit: false }
  const { messages, statuses } = inside as Json
  const lists = [messages, statuses].filter((list) => Array.isArray(list))
  return { items: lists.flat(), isSplit: lists.length > 0 }
}

/** How many things a notification brings, counted without the source under test. */
function countThings({ entry }: { entry: readonly unknown[] }): { min: number; items: string[] } {
  const things = entry.flatMap((each) => {
    const { changes } = (each ?? {}) as { changes?: unknown }
    return Array.isArray(changes) ? changes.map(itemsOf) : [{ items: [], isSplit: false }]
  })
  const whole = things.filter(({ isSplit }) => !isSplit).length
  const items = things.flatMap((thing) => thing.items).map((item) => JSON.stringify(item))
  return { min: whole + items.length, items }
}

test('loses nothing: every item is a message, a status, kept or set aside, with all of it', () => {
  fc.assert(
    fc.property(anyNotification, (notification) => {
      const sent = JSON.parse(JSON.stringify(notification))
      const bundle = parseNotification(verified(sent))
      if (bundle instanceof Rejection) throw new Error('a notification was refused')
      const raws = [
        ...bundle.messages.map((each) => each.whatsapp?.raw ?? ''),
        ...bundle.statuses.map((each) => each.raw),
        ...bundle.kept.map((each) => each.raw),
      ]
      const { min, items } = countThings(sent)
      expect(raws.length).toBeGreaterThanOrEqual(min)
      const left = [...raws]
      for (const item of items) {
        const index = left.indexOf(item)
        expect([item, index >= 0]).toEqual([item, true])
        left.splice(index, 1)
      }
    }),
    { numRuns: 1000 },
  )
})

test('keeps the rules of a message, whatever the item is', () => {
  fc.assert(
    fc.property(damaged(goodMessage), (item) => {
      const entry = [{ id: '1', changes: [change(value({ messages: [item] }))] }]
      const sent = verified({ object: 'whatsapp_business_account', entry })
      const bundle = parseNotification(sent)
      if (bundle instanceof Rejection) throw new Error('a notification was refused')
      expect(bundle.messages.length + bundle.kept.length).toBe(1)
      for (const each of bundle.messages) {
        expect(each.message_id.length).toBeGreaterThan(0)
        expect(each.from).toMatch(/^(\+[0-9]{1,32}|[A-Z]{2}\.[A-Za-z0-9.]{1,132})$/)
        expect(each.to).toMatch(/^\+[0-9]{1,32}$/)
        expect(each.ts).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
        expect([...(each.text ?? '')].length).toBeLessThanOrEqual(4096)
        expect((each.text ?? '').isWellFormed()).toBe(true)
      }
    }),
    { numRuns: 1000 },
  )
})

test('never throws on JSON of any shape, and on no notification that is cut off', () => {
  const whole = JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [{ id: '1', changes: [change(value({ messages: [message('a')] }))] }],
  })
  fc.assert(
    fc.property(fc.oneof(anyJson, anyNotification), (of) => {
      expect(parseNotification(verified(JSON.stringify(of) ?? ''))).toBeDefined()
    }),
    { numRuns: 1000 },
  )
  for (let length = 0; length < whole.length; length += 1) {
    expect(parseNotification(verified(whole.slice(0, length)))).toBeInstanceOf(Rejection)
  }
})
