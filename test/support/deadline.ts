/** How long a test waits for what must happen, in milliseconds; only a failing test waits it. */
const DEADLINE_MILLISECONDS = 10_000

const POLL_MILLISECONDS = 5

/**
 * Asks again and again until `ask` gives something, and resolves to that. Throws, naming what
 * was waited for, when it does not happen before the deadline.
 */
export async function until<T>(
  what: string,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const end = performance.now() + DEADLINE_MILLISECONDS
  while (performance.now() < end) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    await Bun.sleep(POLL_MILLISECONDS)
  }
  throw new Error(`waited ${DEADLINE_MILLISECONDS} ms in vain: ${what}`)
}

/** Resolves to what the promise gives; throws when that takes longer than the deadline. */
export async function inTime<T>(what: string, promise: Promise<T>): Promise<T> {
  const timer = Promise.withResolvers<never>()
  const timeout = setTimeout(
    () => timer.reject(new Error(`waited ${DEADLINE_MILLISECONDS} ms in vain: ${what}`)),
    DEADLINE_MILLISECONDS,
  )
  try {
    return await Promise.race([promise, timer.promise])
  } finally {
    clearTimeout(timeout)
  }
}
