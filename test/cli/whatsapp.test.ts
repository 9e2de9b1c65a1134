import { afterEach, expect, test } from 'bun:test'
import { createHmac } from 'node:crypto'
import { startService } from '../support/service.ts'
import { APP_SECRET, ON } from '../whatsapp/meta.ts'
import { openConsole } from './console.ts'
import { ok, type Receiver, startReceiver } from './receiver.ts'

const receivers: Receiver[] = []

afterEach(async () => {
  for (const receiver of receivers.splice(0)) await receiver.close()
})

const MESSAGE = ['--id', 'w1', '--from', '+16505551234', '--to', '+15550783881', '--text', 'Hi']
const TIME = ['--ts', '2025-06-08T20:59:43.5Z']

test('send --whatsapp wraps a message as Meta does, and signs it with the app secret', async () => {
  const receiver = startReceiver(() => ok('created'))
  receivers.push(receiver)
  const console = openConsole({ env: { WHATSAPP_APP_SECRET: APP_SECRET, WEBHOOK_SECRET: 'other' } })
  const code = await console.run('send', '--whatsapp', '--url', receiver.url, ...MESSAGE, ...TIME)
  expect(code).toBe(0)
  const { body = '', headers } = receiver.arrivals[0] ?? {}
  const hex = createHmac('sha256', APP_SECRET).update(body).digest('hex')
  expect(headers?.get('x-hub-signature-256')).toBe(`sha256=${hex}`)
  const sent = { id: 'w1', from: '16505551234', timestamp: '1749416383' }
  expect(JSON.parse(body)).toMatchObject({
    object: 'whatsapp_business_account',
    entry: [
      {
        changes: [
          {
            field: 'messages',
            value: {
              messaging_product: 'whatsapp',
              metadata: { display_phone_number: '15550783881' },
              contacts: [{ wa_id: '16505551234' }],
              messages: [{ ...sent, type: 'text', text: { body: 'Hi' } }],
            },
          },
        ],
      },
    ],
  })
})

test('send --whatsapp is understood by the service', async () => {
  await using service = await startService(ON, 'socket')
  const url = `${service.url()}/webhook/whatsapp`
  const argv = ['send', '--whatsapp', '--secret', APP_SECRET, '--url', url]
  const console = openConsole()
  expect(await console.run(...argv, ...MESSAGE, ...TIME)).toBe(0)
  expect(await console.run(...argv, '--id', 'w2')).toBe(0)
  expect(console.out()).toContain('created 1')
  expect(await service.json('/messages/w1')).toMatchObject({
    ...{ from: '+16505551234', to: '+15550783881', ts: '2025-06-08T20:59:43Z', text: 'Hi' },
  })
  expect(await service.json('/messages/w2')).toMatchObject({ text: null })
})

test('send --whatsapp leaves a line unsent that is no message', async () => {
  const receiver = startReceiver(() => ok('created'))
  receivers.push(receiver)
  const fields = { message_id: 'a', from: '+1', to: '+2', ts: '2025-01-15T10:00:00Z' }
  const wrong = [{ ts: 'now' }, { ts: '1969-12-31T23:59:59Z' }, { from: 'abc' }, { to: '' }]
  const odd = wrong.map((change) => JSON.stringify({ ...fields, ...change }))
  const lines = ['no JSON', '[]', '{}', ...odd]
  const console = openConsole({ stdin: () => new Blob([lines.join('\n')]).stream() })
  const argv = ['--whatsapp', '--secret', APP_SECRET, '--url', receiver.url, '--file', '-']
  expect(await console.run('send', ...argv)).toBe(1)
  expect(receiver.arrivals).toEqual([])
  expect(console.out()).toContain('refused 7\n  7 x not sent, no message to wrap')
})

test('send --whatsapp says which secret it misses', async () => {
  const console = openConsole({ env: { WEBHOOK_SECRET: 'other' } })
  expect(await console.run('send', '--whatsapp')).toBe(2)
  expect(console.err()).toContain('set WHATSAPP_APP_SECRET or give --secret-file')
})
