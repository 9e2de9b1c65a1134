import { createHmac } from 'node:crypto'
import type { TestService } from '../support/service.ts'

/** What Meta signs with. */
export const APP_SECRET = '0123456789abcdef0123456789abcdef'
/** What Meta must say in the handshake. */
export const VERIFY_TOKEN = 'a token & more'
/** The settings that turn WhatsApp on. */
export const ON = { WHATSAPP_APP_SECRET: APP_SECRET, WHATSAPP_VERIFY_TOKEN: VERIFY_TOKEN }
/** Where notifications go. */
export const PATH = '/webhook/whatsapp'

/** A notification as Meta posts it, signed with node:crypto. */
export function post(payload: object | string, secret = APP_SECRET) {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload)
  const hex = createHmac('sha256', secret).update(body).digest('hex')
  return { method: 'POST', body, headers: { 'X-Hub-Signature-256': `sha256=${hex}` } }
}

/** The path of a handshake, some of its parts changed. */
export function handshake(changes: Record<string, string> = {}): string {
  const hub = { mode: 'subscribe', verify_token: VERIFY_TOKEN, challenge: '1158201444', ...changes }
  const query = new URLSearchParams()
  for (const [name, text] of Object.entries(hub)) query.set(`hub.${name}`, text)
  return `${PATH}?${query}`
}

/** The rows of a list. */
export const dataOf = async (service: TestService, path: string) =>
  ((await service.json(path)) as { data: Record<string, unknown>[] }).data
