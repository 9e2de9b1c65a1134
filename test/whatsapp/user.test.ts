import { describe, expect, test } from 'bun:test'
import { parse } from './bundles.ts'
import {
  BUSINESS,
  change,
  message,
  messages,
  notification,
  status,
  statuses,
  value,
} from './payloads.ts'

describe('somebody without a number is named by the user id', () => {
  const USER = 'US.13491208655302741918'
  const contact = { profile: { name: 'Sheena', username: 'sheena' }, user_id: USER }

  test.each([USER, 'BR.ENT.1502576394655843'])('%s, as the sender of a message', (id) => {
    const { from: _, ...item } = message('a', { type: 'text', text: { body: 'Hi' } })
    const of = {
      messages: [{ ...item, from_user_id: id }],
      contacts: [{ ...contact, user_id: id }],
    }
    const bundle = parse(notification(change(value(of))))
    expect(bundle.kept).toEqual([])
    expect(bundle.messages).toMatchObject([
      { from: id, to: BUSINESS, text: 'Hi', whatsapp: { profile_name: 'Sheena' } },
    ])
  })

  test.each(['', null])('with the name, also where the number is there and is %j', (from) => {
    const item = { ...message('a', { type: 'x', from_user_id: USER }), from }
    const bundle = parse(notification(change(value({ messages: [item], contacts: [contact] }))))
    expect(bundle.messages).toMatchObject([{ from: USER, whatsapp: { profile_name: 'Sheena' } }])
  })

  test('as the recipient of a message of ours', () => {
    const item = { ...status('a', 'read'), recipient_id: undefined, recipient_user_id: USER }
    expect(parse(statuses(item)).statuses).toMatchObject([{ recipient: USER }])
  })

  test('and by the number where there is one', () => {
    const of = { messages: [message('a', { type: 'x', from_user_id: USER })] }
    const bundle = parse(notification(change(value(of))))
    expect(bundle.messages).toMatchObject([
      { from: '+16505551234', whatsapp: { profile_name: 'Sheena Nelson' } },
    ])
  })

  test.each(['', 'us.1', 'US.', 'US1', 'US.1-2', 'US.1\n', `US.${'1'.repeat(129)}`, 5, null])(
    'but not by %j',
    (id) => {
      const bad = { ...message('a'), from: undefined, from_user_id: id }
      expect(parse(messages(bad)).kept.map(({ label }) => label)).toEqual([
        'from is missing or no phone number',
      ])
    },
  )
})
