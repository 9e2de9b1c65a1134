import type { Config } from './config.ts'
import { isShort, SECRET_BYTES_MIN } from './secret.ts'

/** The settings that are keys of an HMAC. */
const KEYS = [
  'WEBHOOK_SECRET',
  'WEBHOOK_SECRET_PREVIOUS',
  'WHATSAPP_APP_SECRET',
  'WHATSAPP_APP_SECRET_PREVIOUS',
] as const

function shortSecrets(config: Config): string[] {
  return KEYS.flatMap((name) => {
    const secret = config[name]
    if (secret === undefined || !isShort(secret)) return []
    return [`${name} has fewer than ${SECRET_BYTES_MIN} bytes: take more`]
  })
}

/** What is unwise in a configuration that works, a line each for the log at the start. */
export function warningsOf(config: Config): readonly string[] {
  const { API_TOKEN, METRICS_TOKEN } = config
  const open = [
    ...(API_TOKEN === undefined ? ['messages and stats (API_TOKEN is unset)'] : []),
    ...(METRICS_TOKEN === undefined ? ['/metrics (METRICS_TOKEN is unset)'] : []),
  ]
  const lines = open.length === 0 ? [] : [`open to whoever reaches this port: ${open.join(', ')}`]
  const halves = [config.WHATSAPP_APP_SECRET, config.WHATSAPP_VERIFY_TOKEN]
  const half = halves.filter((each) => each !== undefined).length === 1
  const off = '/webhook/whatsapp is off: WHATSAPP_APP_SECRET and WHATSAPP_VERIFY_TOKEN turn it on'
  return [...lines, ...shortSecrets(config), ...(half ? [off] : [])]
}
