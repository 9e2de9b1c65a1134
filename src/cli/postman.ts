import packageJson from '../../package.json' with { type: 'json' }
import type { Scheme } from '../signature/scheme.ts'
import { explainAnswer, readAnswer } from './answer.ts'
import { retryMilliseconds } from './backoff.ts'
import type { Io } from './io.ts'
import { explainNetworkFailure } from './network_failure.ts'

/**
 * What became of one message. `accepted` is a 200 of a server that does not say whether the
 * message was new; `failed` means that no attempt got any answer.
 */
export type Outcome =
  | { result: 'created' | 'duplicate' | 'accepted' }
  | { result: 'refused' | 'failed'; reason: string }

/** Posts one body until there is a final answer; `stop` ends the waits, not a post under way. */
export type Postman = (body: Uint8Array, stop: AbortSignal) => Promise<Outcome>

/** Where to post, how to sign, and how often to try. */
export type Route = {
  url: string
  scheme: Scheme
  secret: string
  attempts: number
  timeoutSeconds: number
}

type Trial = { outcome: Outcome; isFinal: boolean; retryAfter?: string | undefined }

const HEADERS = {
  'content-type': 'application/json',
  'user-agent': `ackbox/${packageJson.version}`,
}

/**
 * Makes the one who signs and posts. Tries again, with growing waits, after 503, 429 and a
 * connection that gave no answer: a repeat is safe, since the receiver stores an id once.
 * Throws for a secret that is empty or malformed.
 */
export function createPostman(route: Route, io: Io): Postman {
  const key = route.scheme.makeKey(route.secret)
  return async (body, stop) => {
    const id = io.uuid()
    for (let attempt = 1; ; attempt += 1) {
      // Signed anew each time, since a scheme may sign the time of sending.
      const seconds = Math.floor(io.now() / 1000)
      const headers = { ...HEADERS, ...route.scheme.sign(body, key, { id, seconds }) }
      const trial = await post({ ...route, headers, body }, io)
      if (trial.isFinal || attempt >= route.attempts) return trial.outcome
      await io.sleep(retryMilliseconds(attempt, trial.retryAfter, io.random()), stop)
      if (stop.aborted) return trial.outcome
    }
  }
}

type Letter = {
  url: string
  timeoutSeconds: number
  headers: Record<string, string>
  body: Uint8Array
}

async function post({ url, timeoutSeconds, headers, body }: Letter, io: Io): Promise<Trial> {
  const deadline = new AbortController()
  // Not AbortSignal.timeout: thousands of those a second would live until their time is up.
  const cancelDeadline = io.every(timeoutSeconds * 1000, () => deadline.abort())
  const { signal } = deadline
  try {
    // A redirect would have the signed body sent where nobody asked for it.
    const init: RequestInit = { method: 'POST', headers, body, signal, redirect: 'manual' }
    const response = await io.fetch(url, init)
    return readTrial(response, await readAnswer(response))
  } catch (error) {
    return { outcome: { result: 'failed', reason: explainNetworkFailure(error) }, isFinal: false }
  } finally {
    cancelDeadline()
  }
}

function readTrial({ status, headers }: Response, answer: unknown): Trial {
  if (status === 200) return { outcome: { result: readResult(headers) }, isFinal: true }
  return {
    outcome: { result: 'refused', reason: `${status} ${explainAnswer(answer)}`.trimEnd() },
    isFinal: status !== 503 && status !== 429,
    retryAfter: headers.get('Retry-After') ?? undefined,
  }
}

function readResult(headers: Headers): 'created' | 'duplicate' | 'accepted' {
  const result = headers.get('X-Ackbox-Result')
  return result === 'created' || result === 'duplicate' ? result : 'accepted'
}
