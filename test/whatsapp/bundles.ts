import type { Bundle } from '../../src/bundle.ts'
import type { KeptArrival } from '../../src/kept.ts'
import type { Arrival } from '../../src/message.ts'
import { Rejection } from '../../src/outcome.ts'
import type { StatusArrival } from '../../src/status.ts'
import { parseNotification } from '../../src/whatsapp/notification.ts'
import { verified } from '../signature/verified.ts'
import { arrival } from '../support/messages.ts'

/** What this notification brings; throws where it is refused. */
export function parse(body: string | Uint8Array | object): Bundle {
  const bundle = parseNotification(verified(body))
  if (bundle instanceof Rejection) throw new Error(JSON.stringify(bundle.faults))
  return bundle
}

/** A bundle of these parts. */
export function bundle(parts: Partial<Bundle>): Bundle {
  return { messages: [], statuses: [], kept: [], ...parts }
}

/** What WhatsApp adds to such a message. */
export const DETAILS = {
  type: 'image',
  profile_name: 'Sheena',
  reply_to: 'wamid.0',
  media_ids: ['5', '6'],
  phone_number_id: '106',
}

/** An item as it came: spaced, and with a number that JavaScript would round. */
export const RAW = '{"a": [1, 12345678901234567890, "\u00e9"]}'

/** A message of WhatsApp with this id. */
export function sent(message_id: string, changes: Partial<Arrival> = {}): Arrival {
  return arrival({ message_id, whatsapp: { ...DETAILS, raw: RAW }, ...changes })
}

/** A step of the message `id`, at a second of its own. */
export function step(
  message_id: string,
  status: string,
  second: number,
  raw: object = {},
): StatusArrival {
  const ts = `2025-06-08T20:59:${String(second).padStart(2, '0')}Z`
  const numbers = { recipient: '+16505551234', sender: '+15550783881' }
  return { message_id, status, ts, ...numbers, raw: JSON.stringify(raw), receivedAt: 1000 * second }
}

/** An item of no great interest that is kept. */
export function kept(label: string, changes: Partial<KeptArrival> = {}): KeptArrival {
  return { kind: 'quarantine', label, account: '1', raw: '{"x":1}', receivedAt: 5000, ...changes }
}

/** The part of a query that asks for all there is. */
export const firstPage = { limit: 100, offset: 0n }
