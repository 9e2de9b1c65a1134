import { type Message, PARTY_FORM } from '../message.ts'
import { composeNotification } from '../whatsapp/compose.ts'
import { property } from './answer.ts'
import type { Outcome, Postman } from './postman.ts'

const NO_MESSAGE: Outcome = { result: 'refused', reason: 'not sent, no message to wrap' }

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    return undefined
  }
}

/**
 * The five fields of a message, where they are there and fit into a notification: it has parties by
 * their digits and times from 1970 on, and the receiver answers 200 to what it sets aside. What
 * else is wrong it says.
 */
function readMessage(body: Uint8Array): Message | undefined {
  const value = parse(body)
  const text = property(value, 'text') ?? null
  const [message_id, from, to, ts] = ['message_id', 'from', 'to', 'ts'].map((name) => {
    const field = property(value, name)
    return typeof field === 'string' ? field : ''
  })
  if (!message_id || !from || !to || !ts || (text !== null && typeof text !== 'string')) {
    return undefined
  }
  const fits = PARTY_FORM.test(from) && PARTY_FORM.test(to) && Date.parse(ts) >= 0
  return fits ? { message_id, from, to, ts, text } : undefined
}

/** A postman that wraps each message as Meta would send it; what is no message stays unsent. */
export function wrapForWhatsApp(postman: Postman): Postman {
  return async (body, stop) => {
    const message = readMessage(body)
    if (message === undefined) return NO_MESSAGE
    return postman(new TextEncoder().encode(JSON.stringify(composeNotification(message))), stop)
  }
}
