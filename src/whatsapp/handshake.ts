/**
 * Answers the question by which Meta makes sure of a webhook's owner ("Webhooks", "Verification
 * requests"): the challenge to send back, or undefined where the token is not ours or something
 * is missing.
 */
export function answerChallenge(
  query: URLSearchParams,
  isToken: (shown: string) => boolean,
): string | undefined {
  const known = isToken(query.get('hub.verify_token') ?? '')
  if (!known || query.get('hub.mode') !== 'subscribe') return undefined
  return query.get('hub.challenge') ?? undefined
}
