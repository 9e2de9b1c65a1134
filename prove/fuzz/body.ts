import { type Chance, pick } from '../../bench/chance.ts'
import { markerOf } from './marker.ts'
import { mutateBytes, mutateValue, textOf } from './mutation.ts'

type Json = Record<string, unknown>

/** A moment in any of the forms that `ts` may have, and some that it may not. */
function momentOf(chance: Chance): string {
  const day = new Date(Date.UTC(2025, 0, 1) + chance(2 ** 31) * 10).toISOString()
  return pick([day, day.replace(/\.\d+/, ''), day.replace('Z', '123Z')], chance)
}

const numberOf = (chance: Chance) => `+1555${chance(50)}`

/** A message that keeps every rule; `id` and `text` have the marker of the request. */
function messageOf(number: number, chance: Chance): Json {
  const text = `${markerOf('stored', number)} ${textOf(chance).toWellFormed()}`
  return {
    message_id: markerOf('id', number),
    from: numberOf(chance),
    to: numberOf(chance),
    ts: momentOf(chance),
    ...(chance(8) > 0 && { text: chance(8) > 0 ? text : null }),
  }
}

function itemOf(number: number, chance: Chance): Json {
  const id = `${markerOf('id', number)}.${chance(4)}`
  const timestamp = String(1_749_416_383 + chance(100_000))
  const text = { body: `${markerOf('stored', number)} ${textOf(chance).toWellFormed()}` }
  return chance(3) > 0
    ? { from: '16505551234', id, timestamp, type: 'text', text }
    : { id, status: pick(['sent', 'read', 'failed'], chance), timestamp, recipient_id: '1650' }
}

/** A notification as Meta's Cloud API sends them, with one to three messages and statuses. */
function notificationOf(number: number, chance: Chance): Json {
  const items = Array.from({ length: chance(3) + 1 }, () => itemOf(number, chance))
  const value = {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: '15550783881', phone_number_id: '106540352242922' },
    messages: items.filter((item) => 'from' in item),
    statuses: items.filter((item) => 'status' in item),
  }
  const field = chance(8) > 0 ? 'messages' : textOf(chance, 1).toWellFormed()
  return { object: 'whatsapp_business_account', entry: [{ id: '1', changes: [{ value, field }] }] }
}

/** A body of one byte more than is taken. */
const LARGE_BYTES = 1_048_577

const LARGE_ONE_IN = 5000

/** A body for a route that takes deliveries; `isWhole` for one that was not mutated. */
export function drawBody(route: string, number: number, chance: Chance): Buffer {
  const whole = route === '/webhook' ? messageOf(number, chance) : notificationOf(number, chance)
  if (chance(LARGE_ONE_IN) === 0) return Buffer.alloc(LARGE_BYTES, JSON.stringify(whole))
  const how = chance(4)
  const value = how === 0 ? mutateValue(whole, chance) : whole
  const bytes = Buffer.from(JSON.stringify(value) ?? '')
  return how === 1 ? mutateBytes(bytes, chance) : bytes
}

/** A body that nobody signed: what is in it may never be seen again. */
export function drawUnsigned(number: number, chance: Chance): Buffer {
  const text = `${markerOf('refused', number)} ${textOf(chance)}`
  return Buffer.from(JSON.stringify({ message_id: text, from: '+1', to: '+2', text }))
}
