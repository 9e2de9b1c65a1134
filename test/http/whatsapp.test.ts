import { describe, expect, test } from 'bun:test'
import { Value } from '@sinclair/typebox/value'
import { PageAnswer, StoredMessage } from '../../src/schema.ts'
import { startService, TRANSPORTS } from '../support/service.ts'
import { SECRET, signatureOf } from '../support/signer.ts'
import { APP_SECRET, dataOf, handshake, ON, PATH, post, VERIFY_TOKEN } from '../whatsapp/meta.ts'
import { change, message, messages, notification, status, value } from '../whatsapp/payloads.ts'

describe.each([...TRANSPORTS])('GET /webhook/whatsapp, %s', (transport) => {
  test('sends the challenge back to who knows the token, as plain text', async () => {
    await using service = await startService({ ...ON, API_TOKEN: 'closed' }, transport)
    const response = await service.request(handshake())
    expect([response.status, await response.text()]).toEqual([200, '1158201444'])
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  })

  test.each([
    [{ verify_token: 'wrong' }],
    [{ verify_token: '' }],
    [{ verify_token: `${VERIFY_TOKEN} ` }],
    [{ mode: 'unsubscribe' }],
    [{ mode: '' }],
  ])('refuses %j', async (changes) => {
    await using service = await startService(ON, transport)
    const response = await service.request(handshake(changes))
    expect(response.status).toBe(403)
    expect(await response.text()).not.toContain('1158201444')
    expect(service.logText()).not.toContain(VERIFY_TOKEN)
  })

  test('refuses a question without its parts', async () => {
    await using service = await startService(ON, transport)
    const withoutChallenge = handshake().replace(/&hub.challenge=\d+/, '')
    for (const path of [PATH, withoutChallenge]) {
      expect((await service.request(path)).status).toBe(403)
    }
  })

  test.each([
    [{}],
    [{ WHATSAPP_APP_SECRET: APP_SECRET }],
    [{ WHATSAPP_VERIFY_TOKEN: VERIFY_TOKEN }],
  ])('is not there with only %j, nor is POST', async (settings) => {
    await using service = await startService(settings, transport)
    for (const init of [{}, post(messages(message('a')))]) {
      const response = await service.request(handshake(), init)
      expect([response.status, await response.json()]).toEqual([404, { detail: 'Not Found' }])
    }
    expect(await service.json('/stats')).toMatchObject({ total_messages: 0 })
  })
})

describe.each([...TRANSPORTS])('POST /webhook/whatsapp, %s', (transport) => {
  test('stores every message of every change of every entry', async () => {
    await using service = await startService(ON, transport)
    const payload = {
      object: 'whatsapp_business_account',
      entry: [
        ...(notification(
          change(value({ messages: [message('a'), message('b')] })),
          change(value({ messages: [message('c')] })),
        ).entry as object[]),
        ...(messages(message('d')).entry as object[]),
      ],
    }
    const response = await service.request(PATH, post(payload))
    expect([response.status, await response.text()]).toEqual([200, '{"status":"ok"}'])
    expect(response.headers.get('x-ackbox-result')).toBe('created')
    const data = await dataOf(service, '/messages')
    expect(data.map((row) => row.message_id)).toEqual(['a', 'b', 'c', 'd'])
    expect(data[0]).toEqual({
      message_id: 'a',
      from: '+16505551234',
      to: '+15550783881',
      ts: '2025-06-08T20:59:43Z',
      text: 'Hello',
    })
  })

  test('shows the whole record with what WhatsApp adds', async () => {
    await using service = await startService(ON, transport)
    const item = message('wamid.HBg/+=', {
      type: 'text',
      text: { body: 'Hi' },
      context: { id: 'q' },
    })
    await service.request(PATH, post(messages(item)))
    expect(await service.json(`/messages/${encodeURIComponent('wamid.HBg/+=')}`)).toMatchObject({
      seq: 1,
      text: 'Hi',
      whatsapp: {
        type: 'text',
        profile_name: 'Sheena Nelson',
        reply_to: 'q',
        media_ids: [],
        raw: item,
      },
    })
  })

  test('stores 990 of a thousand and sets ten aside, with one 200', async () => {
    await using service = await startService(ON, transport)
    const items = Array.from({ length: 1000 }, (_, n) =>
      n % 100 === 7 ? { ...message(`bad${n}`), from: null } : message(`m${n}`),
    )
    expect((await service.request(PATH, post(messages(...items)))).status).toBe(200)
    expect(await service.json('/stats')).toMatchObject({ total_messages: 990 })
    expect(await service.json('/quarantine?limit=1')).toMatchObject({
      total: 10,
      data: [{ reason: 'from is missing or no phone number', copies: 1, raw: items[7] }],
    })
    for (const [kind, count] of [
      ['message', 990],
      ['quarantine', 10],
      ['status', 0],
    ]) {
      const sample = `webhook_items_total{kind="${kind}"}`
      expect([kind, await service.metric(sample)]).toEqual([kind, count])
    }
  })

  test('finds, counts and filters somebody without a number by the user id', async () => {
    await using service = await startService(ON, transport)
    const user = 'US.13491208655302741918'
    const item = { ...message('a'), from: undefined, from_user_id: user }
    const of = [message('b'), item]
    expect((await service.request(PATH, post(messages(...of)))).status).toBe(200)
    expect(await dataOf(service, `/messages?from=${user}`)).toMatchObject([
      { message_id: 'a', from: user },
    ])
    const { messages_per_sender } = (await service.json('/stats')) as Record<string, unknown>
    expect(messages_per_sender).toEqual([
      { from: '+16505551234', count: 1 },
      { from: user, count: 1 },
    ])
    const page = await service.json('/messages')
    expect([...Value.Errors(PageAnswer, page)].map(({ message: of }) => of)).toEqual([])
    expect(Value.Check(StoredMessage, await service.json('/messages/a'))).toBe(true)
  })

  test('answers a notification that comes again in the same way, and changes nothing', async () => {
    await using service = await startService(ON, transport)
    const payload = post(messages(message('a'), { ...message('b'), id: 5 }))
    for (const result of ['created', 'duplicate', 'duplicate']) {
      const response = await service.request(PATH, payload)
      expect([response.status, await response.text()]).toEqual([200, '{"status":"ok"}'])
      expect(response.headers.get('x-ackbox-result')).toBe(result)
    }
    expect(await service.json('/stats')).toMatchObject({ total_messages: 1 })
    expect(await service.json('/quarantine')).toMatchObject({ total: 1, data: [{ copies: 3 }] })
    expect(service.logLines().slice(0, 3)).toMatchObject([
      { path: PATH, status: 200, result: 'created', dup: false, key: 'current' },
      { path: PATH, status: 200, result: 'duplicate', dup: true },
      { path: PATH, status: 200, result: 'duplicate', dup: true },
    ])
  })

  test('keeps other fields and lists them', async () => {
    await using service = await startService(ON, transport)
    const update = { event: 'APPROVED', message_template_name: 'hello' }
    const payload = notification(
      change(update, 'message_template_status_update'),
      change({ event: 'VERIFIED_ACCOUNT' }, 'account_update'),
    )
    expect((await service.request(PATH, post(payload))).status).toBe(200)
    expect(await service.json('/notifications')).toMatchObject({ total: 2, limit: 50, offset: 0 })
    expect(await dataOf(service, '/notifications?field=message_template_status_update')).toEqual([
      {
        seq: 1,
        field: 'message_template_status_update',
        account: '102290129340398',
        copies: 1,
        raw: update,
        received_at: expect.any(String),
      },
    ])
  })

  test('refuses what is not signed with the app secret, before it reads it', async () => {
    await using service = await startService(ON, transport)
    const good = post(messages(message('a')))
    const hex = good.headers['X-Hub-Signature-256'].slice('sha256='.length)
    for (const init of [
      post('no JSON', 'another secret'),
      { ...good, headers: { 'X-Hub-Signature-256': hex } },
      { ...good, headers: { 'X-Signature': hex } },
      { ...good, headers: { 'X-Signature': signatureOf(good.body) } },
      { ...good, headers: {} },
      { ...good, body: `${good.body} ` },
    ]) {
      const response = await service.request(PATH, init)
      expect([response.status, await response.text()]).toEqual([
        401,
        '{"detail":"invalid signature"}',
      ])
    }
    expect(await service.json('/stats')).toMatchObject({ total_messages: 0 })
  })

  test('takes two app secrets, none of /webhook, and tells which one it was', async () => {
    const old = 'fedcba9876543210fedcba9876543210'
    const both = { ...ON, WHATSAPP_APP_SECRET_PREVIOUS: old, WEBHOOK_SECRET_PREVIOUS: 'not this' }
    await using service = await startService(both, transport)
    const statuses = []
    for (const secret of [old, APP_SECRET, old, 'not this', SECRET]) {
      const init = post(messages(message('a')), secret)
      statuses.push((await service.request(PATH, init)).status)
    }
    expect(statuses).toEqual([200, 200, 200, 401, 401])
    const keys = service.logLines().map(({ key }) => key)
    expect(keys).toEqual(['previous', 'current', 'previous', undefined, undefined])
    const sample = `webhook_signatures_total{path="${PATH}",scheme="x-hub-signature-256",key=`
    expect(await service.metric(`${sample}"previous"}`)).toBe(2)
    expect(await service.metric(`${sample}"current"}`)).toBe(1)
    expect(service.logText()).not.toContain(old)
  })

  test.each(['{}', '[]', '{"object":"instagram","entry":[]}', 'no JSON'])(
    'answers 422 to the signed body %s',
    async (body) => {
      await using service = await startService(ON, transport)
      const response = await service.request(PATH, post(body))
      expect(response.status).toBe(422)
      expect(await response.json()).toMatchObject({ detail: [{ loc: ['body'] }] })
    },
  )

  test('takes 4 MiB and no byte more, whatever BODY_BYTES_MAX is', async () => {
    await using service = await startService({ ...ON, BODY_BYTES_MAX: '100' }, transport)
    const body = JSON.stringify(messages(message('a')))
    const full = body + ' '.repeat(4 * 1024 * 1024 - body.length)
    expect((await service.request(PATH, post(full))).status).toBe(200)
    expect((await service.request(PATH, post(`${full} `))).status).toBe(413)
  })

  test.each(['12345678901234567890', `${'['.repeat(300_000)}${']'.repeat(300_000)}`])(
    'gives every item back as it came: %#',
    async (x) => {
      await using service = await startService(ON, transport)
      const odd = { x: 0 }
      const whole = value({
        messages: [message('a', { type: 'x', ...odd }), { ...message('b'), id: 5, ...odd }],
        statuses: [status('s', 'sent', { pricing: odd, errors: [odd] })],
      })
      const of = notification(change(whole), change(odd, 'flows'))
      const body = JSON.stringify(of).replaceAll('"x":0', `"x": ${x}`)
      expect((await service.request(PATH, post(body))).status).toBe(200)
      const textOf = async (path: string) => (await service.request(path)).text()
      const shown = `"x": ${x}}`
      for (const path of ['/messages/a', '/quarantine', '/notifications']) {
        expect([path, (await textOf(path)).includes(shown)]).toEqual([path, true])
      }
      const one = await textOf('/statuses/s')
      expect(one.split(shown)).toHaveLength(5)
      expect((await textOf('/statuses')).includes(one)).toBe(true)
    },
  )
})
