/** A JSON object of a test's own. */
export type Json = Record<string, unknown>

/** The business number of the examples in Meta's documentation, as a message's `to`. */
export const BUSINESS = '+15550783881'

const METADATA = { display_phone_number: '15550783881', phone_number_id: '106540352242922' }
const CONTACT = { profile: { name: 'Sheena Nelson' }, wa_id: '16505551234' }

/** The value of one change about messages. */
export function value(parts: Json): Json {
  return { messaging_product: 'whatsapp', metadata: METADATA, contacts: [CONTACT], ...parts }
}

/** One change of a field. */
export const change = (of: unknown, field = 'messages'): Json => ({ value: of, field })

/** A notification of these changes, all of one account. */
export function notification(...changes: unknown[]): Json {
  return { object: 'whatsapp_business_account', entry: [{ id: '102290129340398', changes }] }
}

/** One message item; `parts` has its type and what belongs to that. */
export function message(id: string, parts: Json = { type: 'text', text: { body: 'Hello' } }): Json {
  return { from: '16505551234', id, timestamp: '1749416383', ...parts }
}

/** One status item, a minute after the one before in the order sent, failed, delivered, read. */
export function status(id: string, name: string, parts: Json = {}): Json {
  const minute = ['sent', 'failed', 'delivered', 'read', 'played'].indexOf(name)
  const timestamp = String(1_749_416_383 + 60 * minute)
  return { id, status: name, timestamp, recipient_id: '16505551234', ...parts }
}

/** A notification with these messages in one change. */
export const messages = (...items: unknown[]) => notification(change(value({ messages: items })))

/** A notification with these statuses in one change. */
export const statuses = (...items: unknown[]) => notification(change(value({ statuses: items })))

const media = (extra: Json = {}) => ({
  mime_type: 'image/jpeg',
  sha256: 'SfInY0gGKTsJlUWbwxC1k+FAD0FZHvzwfpvO0zX0GUI=',
  id: '1003383421387256',
  ...extra,
})

/** A kind of message that Meta's documentation shows, made anew, and what of it is read. */
interface Sample {
  readonly name: string
  readonly parts: Json
  readonly text: string | null
  readonly media?: string[]
  readonly replyTo?: string
}

const TEXTS: Sample[] = [
  {
    name: 'text',
    parts: { type: 'text', text: { body: 'Does it come in green?' } },
    text: 'Does it come in green?',
  },
  {
    name: 'text that answers',
    parts: {
      type: 'text',
      text: { body: 'Yes' },
      context: { from: '15550783881', id: 'wamid.before' },
    },
    text: 'Yes',
    replyTo: 'wamid.before',
  },
  {
    name: 'text behind an advertisement',
    parts: {
      type: 'text',
      text: { body: 'Hi' },
      referral: { source_type: 'ad', source_id: '120226', headline: 'Succulents' },
    },
    text: 'Hi',
  },
  {
    name: 'forwarded text',
    parts: { type: 'text', text: { body: 'Look' }, context: { forwarded: true } },
    text: 'Look',
  },
  {
    name: 'button of a template',
    parts: { type: 'button', button: { text: 'Unsubscribe', payload: 'stop' } },
    text: 'Unsubscribe',
  },
  {
    name: 'reply button',
    parts: {
      type: 'interactive',
      interactive: { type: 'button_reply', button_reply: { id: 'cancel', title: 'Cancel' } },
      context: { id: 'wamid.asked' },
    },
    text: 'Cancel',
    replyTo: 'wamid.asked',
  },
  {
    name: 'list row',
    parts: {
      type: 'interactive',
      interactive: {
        type: 'list_reply',
        list_reply: { id: 'express', title: 'Priority Express', description: 'Next day' },
      },
    },
    text: 'Priority Express',
  },
  {
    name: 'form',
    parts: {
      type: 'interactive',
      interactive: {
        type: 'nfm_reply',
        nfm_reply: { name: 'flow', body: 'Sent', response_json: '{"a":"b"}' },
      },
    },
    text: 'Sent',
  },
  {
    name: 'reaction',
    parts: { type: 'reaction', reaction: { message_id: 'wamid.liked', emoji: '\u{1F44D}' } },
    text: '\u{1F44D}',
    replyTo: 'wamid.liked',
  },
  {
    name: 'reaction that is taken back',
    parts: { type: 'reaction', reaction: { message_id: 'wamid.liked' } },
    text: null,
    replyTo: 'wamid.liked',
  },
  {
    name: 'changed number',
    parts: {
      type: 'system',
      system: { type: 'user_changed_number', body: 'User A changed', wa_id: '1234' },
    },
    text: 'User A changed',
  },
  {
    name: 'edit',
    parts: {
      type: 'edit',
      edit: {
        original_message_id: 'wamid.first',
        message: { type: 'text', text: { body: 'Better' } },
      },
    },
    text: 'Better',
  },
]

const MEDIA: Sample[] = [
  {
    name: 'image',
    parts: { type: 'image', image: media({ caption: 'Taj Mahal' }) },
    text: 'Taj Mahal',
    media: ['1003383421387256'],
  },
  {
    name: 'image alone',
    parts: { type: 'image', image: media() },
    text: null,
    media: ['1003383421387256'],
  },
  {
    name: 'video',
    parts: { type: 'video', video: media({ caption: 'Waves', id: '2' }) },
    text: 'Waves',
    media: ['2'],
  },
  {
    name: 'audio',
    parts: { type: 'audio', audio: media({ voice: true }) },
    text: null,
    media: ['1003383421387256'],
  },
  {
    name: 'sticker',
    parts: { type: 'sticker', sticker: media({ animated: false }) },
    text: null,
    media: ['1003383421387256'],
  },
  {
    name: 'document',
    parts: { type: 'document', document: media({ caption: 'Offer', filename: 'a.pdf' }) },
    text: 'Offer',
    media: ['1003383421387256'],
  },
  {
    name: 'document without a caption',
    parts: { type: 'document', document: media({ filename: 'a.pdf' }) },
    text: 'a.pdf',
    media: ['1003383421387256'],
  },
  {
    name: 'edit of a caption',
    parts: {
      type: 'edit',
      edit: { message: { type: 'image', image: media({ caption: 'Blue' }) } },
    },
    text: 'Blue',
    media: ['1003383421387256'],
  },
]

const OTHERS: Sample[] = [
  {
    name: 'location',
    parts: {
      type: 'location',
      location: { latitude: 37.44, longitude: -122.16, name: 'Philz', address: '101 Forest Ave' },
    },
    text: 'Philz, 101 Forest Ave',
  },
  {
    name: 'place without a name',
    parts: { type: 'location', location: { latitude: 37.44, longitude: -122.16 } },
    text: '37.44, -122.16',
  },
  {
    name: 'contacts',
    parts: {
      type: 'contacts',
      contacts: [
        { name: { formatted_name: 'Barbara Johnson' }, phones: [{ phone: '+1 650-555-9999' }] },
        { name: { first_name: 'Anna', formatted_name: 'Anna' } },
      ],
    },
    text: 'Barbara Johnson, +1 650-555-9999; Anna',
  },
  {
    name: 'order',
    parts: {
      type: 'order',
      order: {
        catalog_id: '194836987003835',
        text: 'Love these!',
        product_items: [
          { product_retailer_id: 'di9ozbzfi4', quantity: 2, item_price: 30, currency: 'USD' },
          { product_retailer_id: 'nqryix03ez', quantity: 1, item_price: 25, currency: 'USD' },
        ],
      },
    },
    text: 'Love these!, 2 x di9ozbzfi4, 1 x nqryix03ez',
  },
  {
    name: 'revocation',
    parts: { type: 'revoke', revoke: { original_message_id: 'wamid.first' } },
    text: null,
  },
  {
    name: 'unsupported',
    parts: { type: 'unsupported', errors: [{ code: 131051, title: 'Message type unknown' }] },
    text: null,
  },
  { name: 'first contact', parts: { type: 'request_welcome' }, text: null },
  { name: 'type of the future', parts: { type: 'hologram', hologram: { depth: 3 } }, text: null },
  { name: 'type named as a member of objects', parts: { type: 'constructor' }, text: null },
  { name: 'item without a type', parts: { text: { body: 'unread' } }, text: null },
  { name: 'text that is no text', parts: { type: 'text', text: { body: 5 } }, text: null },
  { name: 'text that is missing', parts: { type: 'text' }, text: null },
]

/** Every kind of message that Meta's documentation shows, and some that it does not. */
export const SAMPLES: readonly Sample[] = [...TEXTS, ...MEDIA, ...OTHERS]
