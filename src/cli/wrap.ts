import type { Message } from '../message.ts'
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

/** The five fields of a message, where they are there; what else is wrong the receiver says. */
function readMessage(body: Uint8Array): Message | undefined {
  const value = parse(body)
  const [message_id, from, to, ts] = ['message_id', 'from', 'to', 'ts'].map((name) => {
    const field = property(value, name)
    return typeof field === 'string' ? field : undefined
  })
  const text = property(value, 'text') ?? null
  const isText = text === null || typeof text === 'string'
  if (message_id === undefined || from === undefined || to === undefined || !isText)
    return undefined
  return ts === undefined || Number.isNaN(Date.parse(ts))
    ? undefined
    : { message_id, from, to, ts, text }
}

/** A postman that wraps each message as Meta would send it; what is no message stays unsent. */
export function wrapForWhatsApp(postman: Postman): Postman {
  return async (body, stop) => {
    const message = readMessage(body)
    if (message === undefined) return NO_MESSAGE
    return postman(new TextEncoder().encode(JSON.stringify(composeNotification(message))), stop)
  }
}
