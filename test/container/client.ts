import { createHmac } from 'node:crypto'
import type { Composition } from './composition.ts'

/** One message, as a sender would send it; the number makes it the only one of its kind. */
export function numberedMessage(number: number): Record<string, string> {
  return {
    message_id: `container-${String(number).padStart(3, '0')}`,
    from: '+919876543210',
    to: '+14155550100',
    ts: `2025-01-15T10:00:${String(number).padStart(2, '0')}Z`,
    text: `message ${number}`,
  }
}

/** Posts a message, signed by hand with the secret given; resolves to the answer's status. */
export async function post(url: string, secret: string, message: object): Promise<number> {
  const body = JSON.stringify(message)
  const signature = createHmac('sha256', secret).update(body).digest('hex')
  const response = await fetch(`${url}/webhook`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', 'x-signature': signature },
    signal: AbortSignal.timeout(10_000),
  })
  await response.body?.cancel()
  return response.status
}

/** Gets a path that is answered in JSON. Throws where that is not a 200. */
export async function get<T>(url: string, path: string): Promise<T> {
  const answer = await fetch(url + path, { signal: AbortSignal.timeout(10_000) })
  if (answer.status !== 200) throw new Error(`GET ${path} answers ${answer.status}`)
  return (await answer.json()) as T
}

/** Every stored message, in the order of the list. */
export async function listMessages(url: string): Promise<unknown[]> {
  return (await get<{ data: unknown[] }>(url, '/messages?limit=100')).data
}

/** Resolves as soon as the service says that it is ready; throws after so many seconds. */
export async function waitUntilReady(url: string, seconds: number): Promise<void> {
  await waitUntil(`${url} is ready`, seconds, async () => {
    const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(1000) })
    return answer.status === 200
  })
}

/** Resolves as soon as the engine's own health check has passed. */
export async function waitUntilHealthy(box: Composition, seconds: number): Promise<void> {
  const id = await box.container()
  await waitUntil('the container is healthy', seconds, async () => {
    const state = await box.docker('inspect', '--format', '{{.State.Health.Status}}', id)
    return state.stdout.trim() === 'healthy'
  })
}

/** Resolves as soon as something holds, whatever it throws before; throws after so many seconds. */
export async function waitUntil(
  what: string,
  seconds: number,
  holds: () => Promise<boolean>,
): Promise<void> {
  const end = performance.now() + seconds * 1000
  while (performance.now() < end) {
    // Refused connections are what a service that is still starting looks like.
    if (await holds().catch(() => false)) return
    await Bun.sleep(50)
  }
  throw new Error(`not within ${seconds} s: ${what}`)
}
