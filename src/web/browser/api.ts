import { tokenOf } from './tokens.ts'

/** An answer other than 200, with what the service says of it. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    detail: string,
  ) {
    super(detail)
    this.name = 'Refused'
  }
}

/** A message as a list shows it. */
export interface Message {
  readonly message_id: string
  readonly from: string
  readonly to: string
  readonly ts: string
  readonly text: string | null
}

/** One page of messages, with the address of the next. */
export interface Page {
  readonly data: readonly Message[]
  readonly total: number
  readonly next: string | undefined
}

/** The answer of GET /stats, as far as the page shows it. */
export interface Stats {
  readonly messages_per_sender: readonly { readonly from: string; readonly count: number }[]
}

/** The answer of GET /stats/volume. */
export interface Volume {
  readonly data: readonly { readonly start: string; readonly count: number }[]
}

/** The sentence of an error, or the first of its faults. */
async function detailOf(response: Response): Promise<string> {
  try {
    const { detail } = await response.json()
    return typeof detail === 'string' ? detail : `${detail[0].loc.at(-1)} ${detail[0].msg}`
  } catch {
    return response.statusText
  }
}

async function get(path: string, name: 'api' | 'metrics', signal?: AbortSignal): Promise<Response> {
  const token = tokenOf(name)
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` }
  const response = await fetch(path, { headers, ...(signal && { signal }) })
  if (!response.ok) throw new Refused(response.status, await detailOf(response))
  return response
}

/** Fetches a page of messages from its address. Throws Refused. */
export async function getPage(path: string, signal?: AbortSignal): Promise<Page> {
  const response = await get(path, 'api', signal)
  const next = /<([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1]
  const { data, total } = await response.json()
  return { data, total, next }
}

/** Fetches an answer in JSON. Throws Refused. */
export async function getJson<T>(path: string): Promise<T> {
  return (await get(path, 'api')).json()
}

/** Fetches an answer in JSON as the text that came, in which numbers have all their digits. */
export async function getJsonText(path: string): Promise<string> {
  return (await get(path, 'api')).text()
}

/** Fetches the metrics as text. Throws Refused. */
export async function getMetrics(): Promise<string> {
  return (await get('/metrics', 'metrics')).text()
}

/** Delivers a signed body. Throws Refused. */
export async function postDelivery(body: string, signature: string): Promise<void> {
  const headers = { 'Content-Type': 'application/json', 'X-Signature': signature }
  const response = await fetch('/webhook', { method: 'POST', headers, body })
  if (!response.ok) throw new Refused(response.status, await detailOf(response))
}
