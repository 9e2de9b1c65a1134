/** No wait is longer, whatever the server asks for: a command that hangs helps nobody. */
export const RETRY_SECONDS_MAX = 30

const FIRST_RETRY_SECONDS = 0.25

/**
 * How long to wait after attempt number `attempt` (from 1) failed, in milliseconds: doubling from
 * FIRST_RETRY_SECONDS, of which `random` (0 to 1) decides the upper half so that senders spread,
 * but no less than a `Retry-After` in seconds and no more than RETRY_SECONDS_MAX. The date form
 * of that header (RFC 9110, 10.2.3) is passed over.
 */
export function retryMilliseconds(
  attempt: number,
  retryAfter: string | undefined,
  random: number,
): number {
  const full = FIRST_RETRY_SECONDS * 2 ** (attempt - 1)
  const spread = full * (0.5 + random / 2)
  const asked = /^[0-9]{1,9}$/.test(retryAfter ?? '') ? Number(retryAfter) : 0
  return Math.min(RETRY_SECONDS_MAX, Math.max(spread, asked)) * 1000
}
