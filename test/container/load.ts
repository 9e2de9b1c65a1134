import { get, post } from './client.ts'

const SENDERS = 16
const SEARCHERS = 4
const IDLE_CONNECTIONS = 8

/** Acknowledged messages from which on the load counts as running. */
const RUNNING_MESSAGES = 200

/** What a load has met when nobody answers any more. */
interface Met {
  /** Ids of the messages that were answered 200. */
  readonly acknowledged: readonly string[]
  /** How many messages had no 200, and may be stored all the same. */
  readonly unknown: number
}

/** Senders, searches and idle connections, each until the service does not answer it. */
export interface Load {
  /** Resolves when many messages are acknowledged, and the load goes on. */
  readonly running: Promise<void>
  /** Resolves when the last one was turned away. */
  readonly ended: Promise<Met>
}

/** Starts a load on a service that the secret is valid for. */
export function startLoad(url: string, secret: string): Load {
  const acknowledged: string[] = []
  let unknown = 0
  const running = Promise.withResolvers<void>()
  const send = async () => {
    for (;;) {
      const message_id = `load-${crypto.randomUUID()}`
      const fields = { from: '+15550100', to: '+15550199', ts: '2025-01-15T11:00:00Z' }
      const message = { message_id, ...fields, text: 'under load' }
      if ((await post(url, secret, message).catch(() => undefined)) !== 200) break
      acknowledged.push(message_id)
      if (acknowledged.length >= RUNNING_MESSAGES) running.resolve()
    }
    unknown += 1
  }
  const search = async () => {
    while (await get(url, '/messages?limit=100&q=load').catch(() => undefined));
  }
  const ended = Promise.all([
    ...Array.from({ length: SENDERS }, send),
    ...Array.from({ length: SEARCHERS }, search),
    ...Array.from({ length: IDLE_CONNECTIONS }, () => rest(new URL(url))),
  ]).then(() => ({ acknowledged, unknown }))
  // Where nothing is answered from the start, the caller must not wait for ever.
  void ended.then(() => running.resolve())
  return { running: running.promise, ended }
}

/** Connects, says nothing, and resolves when the other side closes. */
async function rest({ hostname, port }: URL): Promise<void> {
  const closed = Promise.withResolvers<void>()
  const close = () => closed.resolve()
  const socket = { data() {}, close, error: close }
  await Bun.connect({ hostname, port: Number(port), socket }).catch(close)
  await closed.promise
}
