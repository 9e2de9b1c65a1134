import { createHmac } from 'node:crypto'
import type { Message } from '../../src/message.ts'
import type { Chance } from '../chance.ts'
import { sampleBody } from '../sample.ts'

const digitsOf = (number: string) => number.slice(1)

/** One item as Meta sends it, of a message like those of the plain route. */
function itemOf({ message_id, from, ts, text }: Message): object {
  const timestamp = String(Math.floor(Date.parse(ts) / 1000))
  const body = { type: 'text', text: { body: text ?? '-' } }
  return { from: digitsOf(from), id: `wamid.${message_id}`, timestamp, ...body }
}

/** A notification with so many messages, each of a sender of its own. */
function notificationOf(size: number, now: number, chance: Chance): string {
  const messages: Message[] = Array.from({ length: size }, () =>
    JSON.parse(sampleBody(now, chance)),
  )
  const value = {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: '15550783881', phone_number_id: '106540352242922' },
    contacts: messages.map(({ from }) => ({
      profile: { name: 'A name' },
      wa_id: digitsOf(from),
    })),
    messages: messages.map(itemOf),
  }
  const changes = [{ value, field: 'messages' }]
  return JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: '1', changes }] })
}

/** A whole HTTP request with so many messages, signed with the secret. */
export function requestOf(size: number, now: number, chance: Chance, secret: string): string {
  const body = notificationOf(size, now, chance)
  const signature = createHmac('sha256', secret).update(body).digest('hex')
  return (
    'POST /webhook/whatsapp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n' +
    `X-Hub-Signature-256: sha256=${signature}\r\n` +
    `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  )
}
