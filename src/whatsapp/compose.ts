import type { Message } from '../message.ts'

/** An account and a number as Meta's documentation has them in its examples. */
const ACCOUNT = '102290129340398'
const PHONE_NUMBER_ID = '106540352242922'

const digitsOf = (number: string) => number.replace('+', '')

/** Wraps a text message as the notification that Meta would send of it. */
export function composeNotification({ message_id, from, to, ts, text }: Message): object {
  const metadata = { display_phone_number: digitsOf(to), phone_number_id: PHONE_NUMBER_ID }
  const contacts = [{ profile: { name: 'ackbox send' }, wa_id: digitsOf(from) }]
  const timestamp = String(Math.floor(Date.parse(ts) / 1000))
  const message = {
    from: digitsOf(from),
    id: message_id,
    timestamp,
    ...(text === null ? { type: 'unsupported' } : { type: 'text', text: { body: text } }),
  }
  const value = { messaging_product: 'whatsapp', metadata, contacts, messages: [message] }
  const changes = [{ value, field: 'messages' }]
  return { object: 'whatsapp_business_account', entry: [{ id: ACCOUNT, changes }] }
}
