import { createHash, timingSafeEqual } from 'node:crypto'

const digest = (text: string) => createHash('sha256').update(text).digest()

/**
 * Answers the question by which Meta makes sure of a webhook's owner ("Webhooks", "Verification
 * requests"): the challenge to send back, or undefined where the token is not ours or something
 * is missing. The token is compared in constant time.
 */
export function answerChallenge(query: URLSearchParams, verifyToken: string): string | undefined {
  const token = query.get('hub.verify_token') ?? ''
  const known = timingSafeEqual(digest(token), digest(verifyToken))
  if (!known || query.get('hub.mode') !== 'subscribe') return undefined
  return query.get('hub.challenge') ?? undefined
}
